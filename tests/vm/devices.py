# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine full of devices: QEMU's options for each, and how a guest finds out whether it works.

Knows no kernel.  guest/try-device does what a row asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import tpm

#: Where the guest has what tries a device.
TRY = "/usr/lib/saut-test/try-device"

DISK_SIZE = 16 << 20


@dataclass(frozen=True)
class Device:
    """A device, the options that make it, and what try-device is asked."""

    name: str
    asked: str
    options: tuple[str, ...]
    #: Whether there is a file of its own for it, which options name as {files}/NAME.
    is_disk: bool = False


def disk(name: str, driver: str, *devices: str) -> Device:
    """A disk; the last one of @devices has it."""
    words = [word for device in devices[:-1] for word in ("-device", device)]
    words += ["-drive", f"if=none,id={name},format=raw,file={{files}}/{name}"]
    return Device(name, f"disk {name} {driver}", (*words, "-device", f"{devices[-1]},drive={name}"), True)


def card(number: int, driver: str, device: str) -> Device:
    """A network card with a gateway behind it."""
    net = f"user,id=net{number},ipv6=off,net=10.0.{number}.0/24"
    option = f"{device},romfile=,netdev=net{number},mac=52:54:00:00:00:{number}"
    return Device(device.partition(",")[0], f"card {number} {driver}", ("-netdev", net, "-device", option))


#: What the IOMMU translates for; without it virtio goes past it.
TRANSLATED = "disable-legacy=on,iommu_platform=on"

DEVICES = (
    Device("iommu", "iommu", ("-device", "intel-iommu,intremap=on,device-iotlb=on")),
    Device(
        "nodes", "nodes",
        ("-smp", "2,sockets=2", "-object", "memory-backend-ram,id=near,size=1G", "-numa", "node,nodeid=0,memdev=near,cpus=0",
         "-object", "memory-backend-ram,id=far,size=512M", "-numa", "node,nodeid=1,memdev=far,cpus=1"),
    ),
    disk("nvme", "nvme", "pcie-root-port,id=port1,chassis=1,slot=1", "nvme,serial=nvme,bus=port1"),
    disk("virtio-blk", "virtio_blk", f"virtio-blk-pci,{TRANSLATED}"),
    disk("virtio-scsi", "virtio_scsi", f"virtio-scsi-pci,id=vscsi,{TRANSLATED}", "scsi-hd,bus=vscsi.0"),
    disk("ahci", "ahci", "ide-hd,bus=ide.3"),
    disk("megasas", "megaraid_sas", "megasas-gen2,id=mega", "scsi-hd,bus=mega.0"),
    disk("usb", "usb-storage", "qemu-xhci,id=xhci", "usb-storage,bus=xhci.0"),
    disk("sdcard", "sdhci-pci", "sdhci-pci", "sd-card"),
    card(11, "virtio_net", f"virtio-net-pci,{TRANSLATED}"),
    card(12, "e1000e", "e1000e"),
    card(13, "vmxnet3", "vmxnet3"),
    Device("virtio-rng", "random virtio_rng", ("-device", f"virtio-rng-pci,{TRANSLATED}")),
    Device("bochs", "screen bochs-drm", ("-device", "bochs-display")),
    Device("virtio-gpu", "screen virtio_gpu", ("-device", "virtio-gpu-pci")),
    Device("sound", "sound HDA", ("-audiodev", "none,id=quiet", "-device", "ich9-intel-hda", "-device", "hda-duplex,audiodev=quiet")),
    Device("tpm", "tpm", tpm.options("{files}", "tpm-crb")),
    Device("watchdog", "watchdog 'i6300ESB timer'", ("-device", "i6300esb")),
    Device(
        "cxl", "cxl",
        ("-object", "memory-backend-file,id=cxl,share=on,mem-path={files}/cxl,size=256M",
         "-object", "memory-backend-file,id=labels,share=on,mem-path={files}/labels,size=1M",
         "-device", "pxb-cxl,bus_nr=12,bus=pcie.0,id=cxl.1", "-device", "cxl-rp,port=0,bus=cxl.1,id=cxl.port,chassis=9,slot=9",
         "-device", "cxl-type3,bus=cxl.port,memdev=cxl,lsa=labels,id=cxl-pmem"),
    ),
)  # fmt: skip

#: Those that the emulator's monitor has a part in.
KEYBOARD = Device("keyboard", "keyboard 'QEMU QEMU USB Keyboard'", ("-device", "usb-kbd,bus=xhci.0"))
BALLOON = Device("balloon", "", ("-device", "virtio-balloon-pci,id=balloon,bus=pcie.0"))

MEMORY = "1536M"
MACHINE = "q35,graphics=off,cxl=on,cxl-fmw.0.targets.0=cxl.1,cxl-fmw.0.size=4G"


def options(files: Path) -> tuple[str, ...]:
    """QEMU's options for all of them; @files is a folder for what they keep."""
    for device in DEVICES:
        if device.is_disk:
            with (files / device.name).open("wb") as content:
                content.write(f"saut {device.name}\n".encode())
                content.truncate(DISK_SIZE)
    words = [word for device in (*DEVICES, KEYBOARD, BALLOON) for word in device.options]
    return tuple(word.replace("{files}", str(files)) for word in words)
