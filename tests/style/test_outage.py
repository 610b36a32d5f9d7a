# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the benchmark of outages makes of marks: phases, figures, tables; and which cases words mean."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))

import outage_cases  # noqa: E402
import outage_disk  # noqa: E402
import outage_stamps  # noqa: E402
import outage_table  # noqa: E402
import outage_uefi  # noqa: E402
from outage_stamps import BadMarks, Cost, outage, parse, total  # noqa: E402

#: Instructions, iterations, bytes, and what was said then; the CPU has waited for 1000 ticks before the command.
BOOT = "0 0 0 reset\n50 0 0 boot-sector\n100 0 0 unpacker-32\n200 0 0 kernel\n300 0 0 1300 init\n400 0 0 1400 root\n"
END = "{0} 10 80 {1} init\n{2} 10 80 {3} root\n{4} 20 88 {5} answers\n"

LOADED_AHEAD = BOOT + (
    "500 0 0 1500 begin saut service load\n600 0 0 1600 end saut 1\n"
    "1000 0 0 2000 reboot systemctl reboot\n1100 0 0 2150 stopped\n"
    "1110 0 0 2160 begin saut service jump\n1120 0 0 2170 end saut 1\n"
    "1200 0 0 2250 leave kexec\n1300 8 64 kernel\n" + END.format(2000, 3100, 2500, 3600, 3000, 5100)
)
LOADED_LATE = BOOT + (
    "900 0 0 1900 begin saut service check\n950 0 0 1950 end saut 0\n"
    "1000 0 0 2000 reboot reboot\n1050 0 0 2050 begin saut service load\n1250 0 0 2250 end saut 1\n"
    "1300 0 0 2300 stopped\n1400 0 0 2400 leave kexec\n1500 0 0 unpacker-64\n1600 0 0 kernel\n"
    + END.format(2000, 3000, 2500, 3500, 3000, 4000)
)
THROUGH_FIRMWARE = BOOT + (
    "1000 0 0 2000 reboot reboot\n1300 0 0 2300 stopped\n1400 0 0 2400 leave reboot\n1410 0 0 reset\n"
    "1450 0 0 boot-sector\n1500 0 0 unpacker-32\n1550 0 0 unpacker-64\n1600 0 0 kernel\n"
    + END.format(2000, 3000, 2500, 3500, 3000, 4000)
)


def ticks(text: str) -> dict[str, int]:
    """Of each phase."""
    return {phase: cost.ticks for phase, cost in outage(parse(text)).items()}


def test_a_kernel_that_was_loaded_ahead() -> None:
    """Its load is not in the outage, and time in which the CPU waited is."""
    phases = outage(parse(LOADED_AHEAD))
    assert ticks(LOADED_AHEAD) == {
        "services stop": 150,
        "last steps": 100,
        "copy and check": 100,
        "kernel": 750,
        "initrd": 500,
        "services start": 1500,
    }
    assert phases["services stop"].waited == 50
    assert phases["services start"].waited == 1000
    assert total(phases) == Cost(instructions=2000, iterations=20, copied=88, ticks=3100)


def test_a_load_beside_services_that_stop() -> None:
    """It is a phase of its own, and all phases together are the outage."""
    found = ticks(LOADED_LATE)
    assert found["load"] == 200
    assert found["services stop"] == 100
    assert found["copy and check"] == found["kernel unpacks itself"] == 100
    assert sum(found.values()) == 2000


def test_a_load_beyond_the_end_of_services() -> None:
    """What of it is after that is taken from what comes then."""
    late = LOADED_LATE.replace("1300 0 0 2300 stopped\n", "").replace(
        "1250 0 0 2250 end", "1150 0 0 2150 stopped\n1250 0 0 2250 end"
    )
    found = ticks(late)
    assert (found["load"], found["services stop"], found["last steps"]) == (200, 50, 150)


def test_the_way_through_the_firmware() -> None:
    """The unpacker's 32-bit entry is the kernel's beginning, and the first boot's marks are not the second's."""
    found = ticks(THROUGH_FIRMWARE)
    assert (found["firmware"], found["boot loader"], found["kernel unpacks itself"]) == (50, 50, 100)
    assert "copy and check" not in found


@pytest.mark.parametrize("text", ["stopped", "leave", "kernel", "answers", "reboot"])
def test_a_mark_that_is_missing(text: str) -> None:
    """No figure is made of what is not there."""
    first, _, rest = LOADED_AHEAD.partition("2000 reboot")
    kept = [line for line in ("2000 reboot" + rest).splitlines(keepends=True) if text not in line.split()]
    with pytest.raises(BadMarks, match=text):
        outage(parse((first + "".join(kept)).replace("1000 0 0 1000", "1000 0 0 2000")))


def test_lines_that_are_no_marks() -> None:
    """They are an error, but for a line that was not written to its end."""
    with pytest.raises(BadMarks):
        parse("1 2 x reset\n")
    assert len(parse("1 2 3 reset\n4 5")) == 1


def test_the_model() -> None:
    """A byte costs the same whatever instruction has copied it."""
    bytewise = Cost(instructions=1000, iterations=800, copied=800)
    wordwise = Cost(instructions=300, iterations=100, copied=800)
    assert bytewise.modelled(0.5) == wordwise.modelled(0.5) == 600


def test_words() -> None:
    """They choose cases; what is not said is the common one."""
    (one,) = outage_cases.choose(["seabios/systemd/gzip/ours-shutdown"])
    assert (one.initrd, one.way) == ("gzip", "ours-shutdown")
    both = outage_cases.choose(["gzip", "firmware", "ours-ahead"])
    assert [case.name for case in both] == ["seabios/systemd/gzip/firmware", "seabios/systemd/gzip/ours-ahead"]
    assert {case.way for case in outage_cases.choose(["openrc"])} == set(outage_cases.WAYS) - {"tools-shutdown"}
    assert {case.initrd for case in outage_cases.choose(["ovmf", "zstd", "gzip"])} == {"zstd"}
    with pytest.raises(outage_cases.UnknownName):
        outage_cases.choose(["lilo"])


@pytest.mark.parametrize("head", [b"", b"070701 modules TRAILER!!!\0\0"])
def test_an_initrd_with_modules_in_front(head: bytes) -> None:
    """What is in front of the packed archive stays as it is."""
    plain = b"070701 init TRAILER!!!"
    packed = outage_disk.run_through(["zstd", "-qc"], plain)
    assert outage_disk.parts(head + packed) == (head, plain)


def test_the_loader_of_uefi() -> None:
    """It has read the boot loader where a PC would have read its boot sector."""
    text = THROUGH_FIRMWARE.replace("1500 0 0 unpacker-32\n", "").replace("1550 0 0 unpacker-64", "1500 0 0 unpacker-64")
    found = ticks(text)
    assert (found["firmware"], found["boot loader"], found["kernel unpacks itself"]) == (50, 50, 100)


def test_a_menu_on_a_disk_that_the_firmware_alone_sees(tmp_path: Path) -> None:
    """What GRUB boots from it leaves its driver alone."""
    outage_uefi.write_menu(tmp_path / "grub", "1-2", ("/vmlinuz", "/initrd.img"), outage_uefi.WORDS)
    menu = (tmp_path / "grub/grub.cfg").read_text()
    assert "--set=root 1-2\n\tlinux\t/vmlinuz root=" in menu
    assert f" {outage_uefi.WORDS}\n\tinitrd\t/initrd.img\n}}\n" in menu


def test_the_report() -> None:
    """Each way has its line, the reference its hundred percent, and the gain is told."""
    texts = {"firmware": THROUGH_FIRMWARE, "tools": LOADED_LATE, "tools-shutdown": THROUGH_FIRMWARE, "ours-ahead": LOADED_AHEAD}
    cases = {name: outage_cases.Case("seabios", "systemd", "zstd", name) for name in texts}
    results = {cases[name]: outage(parse(text)) for name, text in texts.items()}
    initrds = {("systemd", "zstd"): "1 MB"}
    text = outage_table.report(["today"], results, initrds)
    rows = {row.split("|")[1].strip(): [cell.strip() for cell in row.split("|")[2:-1]] for row in text.splitlines() if row.startswith("|")}
    assert rows["kexec-tools, loaded and executed"][1] == "100.0"
    assert "kexec-tools, its boot service: goes through the firmware" in rows
    assert rows["Saut, loaded ahead"][1] == "155.0"
    assert "Firmware and boot loader take 0.0 Mticks" in text
    assert "- Saut, loaded ahead: 0.0 Mticks longer" in text
    picture = outage_table.picture(results, initrds)
    assert picture.count("<title>firmware:") == 2 and picture.count("<title>load:") == 1


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        (2900 * outage_table.MILLION, "1100 Mticks longer"),
        (1750 * outage_table.MILLION, "50 Mticks shorter, 150 less than firmware and boot loader take"),
        (1500 * outage_table.MILLION, "300 Mticks shorter, 100 more than firmware and boot loader take"),
    ],
)
def test_what_is_gained(whole: int, told: str) -> None:
    """It is told beside what the way through the firmware spends on firmware and boot loader."""
    million = outage_table.MILLION
    slow = {"firmware": Cost(ticks=150 * million), "boot loader": Cost(ticks=50 * million), "kernel": Cost(ticks=1600 * million)}
    ways = {"firmware": slow, "tools": {"kernel": Cost(ticks=whole)}}
    results = {outage_cases.Case("seabios", "systemd", "zstd", way): found for way, found in ways.items()}
    text = outage_table.report(["today"], results, {("systemd", "zstd"): "1 MB"})
    assert f"- kexec-tools, loaded and executed: {told}\n" in text
