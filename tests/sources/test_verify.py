"""A damaged file is refused by name before a reader sees it, and nothing of it is left behind."""

import gzip
import os
import zlib
from pathlib import Path

import pytest

from finops_tui.errors import SourceError, StoreError
from finops_tui.sources import verify
from tests.sources.bills import csv_text, read, rows_of, write

BILL = csv_text(rows_of(*[{"ResourceId": f"i-{n}"} for n in range(500)]))


def _spoiled(kind: str) -> bytes:
    whole = gzip.compress(BILL.encode())
    return {
        "truncated": whole[:-200],
        "cut before its trailer": whole[:-8],
        "checksum": whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:],
        "length": whole[:-4] + bytes([whole[-4] ^ 1]) + whole[-3:],
        "corrupt": whole[:100] + b"\xff" * 40 + whole[140:],
        "no gzip": whole + b"hello",
    }[kind]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("truncated", "truncated"),
        ("cut before its trailer", "truncated"),
        ("checksum", "checksum is wrong"),
        ("length", "length is wrong"),
        ("corrupt", "damaged"),
        ("no gzip", "no gzip"),
    ],
)
def test_a_damaged_gzip_is_refused_and_its_neighbour_is_read(tmp_path: Path, kind: str, reason: str) -> None:
    spoiled = tmp_path / "spoiled.csv.gz"
    spoiled.write_bytes(_spoiled(kind))
    result = read(tmp_path, spoiled, write(tmp_path / "good.csv.gz", BILL))
    assert reason in result.refused["spoiled.csv.gz"].reason
    assert {line["file"] for line in result.lines} == {"good.csv.gz"}
    assert [path.name for path in (tmp_path / "stage").glob("*.csv")] == []


def test_a_gzip_of_several_members_and_padding_is_one_file(tmp_path: Path) -> None:
    half = len(BILL) // 2
    bill = tmp_path / "bill.csv.gz"
    bill.write_bytes(
        gzip.compress(BILL[:half].encode())
        + gzip.compress(b"")
        + gzip.compress(BILL[half:].encode())
        + bytes(512)
    )
    assert read(tmp_path, bill).readings["bill.csv.gz"].rows == 500


@pytest.mark.parametrize("line", ["", csv_text(rows_of({})).splitlines()[1] + "\n"])
def test_an_expansion_bomb_is_stopped(tmp_path: Path, line: str) -> None:
    header = csv_text(rows_of({})).splitlines()[0] + "\n"
    block = (line or "0" * 100).encode() * (1 << 20 >> (len(line or "0" * 100)).bit_length())
    pack = zlib.compressobj(6, wbits=31)
    bomb = tmp_path / "bomb.csv.gz"
    with bomb.open("wb") as file:
        file.write(pack.compress(header.encode()))
        for _ in range(verify.BOMB_BYTES * 9 // 8 // len(block)):
            file.write(pack.compress(block))
        file.write(pack.flush())
    result = read(tmp_path, bomb)
    assert "expands to more than" in result.refused["bomb.csv.gz"].reason
    assert list((tmp_path / "stage").glob("*.csv")) == []


def test_an_expansion_past_the_free_disk_is_stopped(tmp_path: Path) -> None:
    bill = write(tmp_path / "bill.csv.gz", BILL)
    with (
        bill.open("rb") as source,
        (tmp_path / "out").open("wb") as scratch,
        pytest.raises(SourceError, match="can be spared"),
    ):
        verify._inflate(source, scratch, bill.stat().st_size, 1000)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    stored = verify.identify(write(tmp_path / "bill.csv.gz", BILL))
    with pytest.raises(StoreError, match="full"):
        verify.inflate(stored, Path("/dev/full"))


def test_what_is_no_file_of_cells_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path / "empty.csv", b"")
    write(tmp_path / "utf16.csv", BILL.encode("utf-16"))
    write(tmp_path / "binary.csv", bytes(range(256)) * 10)
    write(tmp_path / "line.csv", b"x" * (1 << 21))
    write(tmp_path / "torn.parquet", b"PAR1 and no more")
    os.mkfifo(tmp_path / "pipe.csv")
    result = read(tmp_path, *(path for path in tmp_path.iterdir() if path.is_file() or path.is_fifo()))
    reasons = {name: refusal.reason for name, refusal in result.refused.items()}
    assert reasons.keys() == {"empty.csv", "utf16.csv", "binary.csv", "line.csv", "torn.parquet", "pipe.csv"}
    assert "UTF-16" in reasons["utf16.csv"]
    assert "damaged" in reasons["torn.parquet"]


def test_the_name_does_not_decide_what_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "zipped.csv").write_bytes(gzip.compress(BILL.encode()))
    (tmp_path / "plain.csv.gz").write_text(BILL)
    result = read(tmp_path, tmp_path / "zipped.csv", tmp_path / "plain.csv.gz")
    assert {reading.rows for reading in result.readings.values()} == {500}
    assert len(result.readings) == 2
