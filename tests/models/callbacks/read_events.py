"""Prints the scalars of a folder's event files as JSON lines: [tag, step, value].

An independent reader of what TensorBoard reads: TFRecord frames (length, its masked CRC-32C, data, its masked
CRC-32C), in each a protobuf Event. Exits with an error when a checksum or a field is not as it should be.
"""

import json
import os
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        (length, length_crc) = struct.unpack_from("<QI", data, at)
        assert length_crc == masked(data[at : at + 8]), "checksum of a length"
        record = data[at + 12 : at + 12 + length]
        (crc,) = struct.unpack_from("<I", data, at + 12 + length)
        assert crc == masked(record), "checksum of a record"
        yield record
        at += length + 16


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def fields(data):
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            (value,), at = struct.unpack_from("<d", data, at), at + 8
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        elif kind == 5:
            (value,), at = struct.unpack_from("<f", data, at), at + 4
        else:
            raise ValueError(f"wire type {kind}")
        found[number] = value
    return found


def main(folder):
    for name in sorted(os.listdir(folder)):
        assert name.startswith("events.out.tfevents."), name
        with open(os.path.join(folder, name), "rb") as file:
            events = [fields(record) for record in records(file.read())]
        assert events[0][3] == b"brain.Event:2", events[0]
        for event in events[1:]:
            assert event[1] > 1e9, "wall time"
            value = fields(fields(event[5])[1])
            print(json.dumps([value[1].decode(), event[2], value[2]]))


main(sys.argv[1])
