/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands in for every kernel: says which file it is and what it was told, and goes back to the boot
 * loader, which gives up.
 */
#include "efi.h"

EFIAPI efi_status efi_main(efi_handle self, struct efi_system_table *system);

EFIAPI efi_status efi_main(efi_handle self, struct efi_system_table *system)
{
	struct efi_loaded_image *image;

	if (system->boot->handle_protocol(self, &loaded_image_guid, (void **)&image))
		return EFI_ABORTED;
	say("@@kernel<");
	for (const struct efi_path *node = image->path; node->type != EFI_PATH_END;
		node = path_next(node))
		if (node->type == EFI_PATH_MEDIA && node->subtype == EFI_PATH_FILE)
			say_wide((const efi_char *)(node + 1), (path_size(node) - 4) / 2);
	say(">\n@@options<");
	say_wide(image->options, image->options_size / 2);
	say(">\n");
	return EFI_ABORTED;
}
