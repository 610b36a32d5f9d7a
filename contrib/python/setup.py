# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installs the module saut; cffi writes saut/_binding.py of the header on the way, without a compiler."""

from setuptools import setup

setup(
    name="saut",
    version="0.1.0",
    description="libsaut in Python: reboot Linux into another kernel without the firmware (kexec)",
    license="LGPL-2.1-or-later",
    python_requires=">=3.9",
    packages=["saut"],
    install_requires=["cffi"],
    setup_requires=["cffi"],
    cffi_modules=["build_binding.py:made"],
)
