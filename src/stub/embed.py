# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the section .blob of an ELF file as the inside of a C array: embed.py OUTPUT [FILE].

Without a file it is one byte: this build has no such stub."""
import struct
import sys


def sections(elf):
    """Name and bytes of each section, of any byte order and width (the ELF header's fields)."""
    order = '<' if elf[5] == 1 else '>'
    if elf[4] == 2:
        (table,), (size, count, names) = struct.unpack_from(order + 'Q', elf, 40), struct.unpack_from(order + '3H', elf, 58)
        layout, place = order + '2I4Q', slice(4, 6)
    else:
        (table,), (size, count, names) = struct.unpack_from(order + 'I', elf, 32), struct.unpack_from(order + '3H', elf, 46)
        layout, place = order + '6I', slice(4, 6)
    headers = [struct.unpack_from(layout, elf, table + n * size) for n in range(count)]
    strings = headers[names][4]
    for header in headers:
        start, length = header[place]
        name = elf[strings + header[0]:].split(b'\0', 1)[0].decode()
        yield name, elf[start:start + length]


def main():
    data = b'\0'
    for name in sys.argv[2:]:
        with open(name, 'rb') as file:
            data = dict(sections(file.read()))['.blob']
    with open(sys.argv[1], 'w') as output:
        for at in range(0, len(data), 16):
            output.write(''.join(f'{byte},' for byte in data[at:at + 16]) + '\n')


main()
