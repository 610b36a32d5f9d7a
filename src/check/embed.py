# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a file's bytes as the inside of a C array: embed.py FILE OUTPUT."""
import sys

with open(sys.argv[1], 'rb') as file, open(sys.argv[2], 'w') as output:
    data = file.read()
    for at in range(0, len(data), 16):
        output.write(''.join(f'{byte},' for byte in data[at:at + 16]) + '\n')
