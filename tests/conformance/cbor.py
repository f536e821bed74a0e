"""CBOR (RFC 8949) as far as AWS's messages use it, both ways, apart from botocore's own code."""
import struct


class Time(float):
    """A number under tag 1: epoch seconds."""


END = object()


def decode(data):
    """The one value that `data` holds; raises ValueError when it is not exactly one."""
    try:
        value, rest = _read(memoryview(data))
    except (IndexError, struct.error) as error:
        raise ValueError(f"the CBOR breaks off: {error}") from error
    if rest or value is END:
        raise ValueError("there is more than one value")
    return value


def _read(data):
    kind, low, rest = data[0] >> 5, data[0] & 31, data[1:]
    if kind == 7:
        return _simple(low, rest)
    if low == 31:
        return _open(kind, rest)
    count, rest = _count(low, rest)
    if kind == 0:
        return count, rest
    if kind == 1:
        return -1 - count, rest
    if kind in (2, 3):
        if len(rest) < count:
            raise ValueError("a text breaks off")
        raw = bytes(rest[:count])
        return (raw.decode() if kind == 3 else raw), rest[count:]
    if kind == 4:
        items = []
        for _ in range(count):
            item, rest = _read(rest)
            items.append(item)
        return items, rest
    if kind == 5:
        entries = {}
        for _ in range(count):
            rest = _entry(entries, rest)
        return entries, rest
    value, rest = _read(rest)
    return (Time(value) if count == 1 else (count, value)), rest


def _count(low, rest):
    if low < 24:
        return low, rest
    size = {24: 1, 25: 2, 26: 4, 27: 8}[low]
    return int.from_bytes(rest[:size], "big"), rest[size:]


def _simple(low, rest):
    known = {20: False, 21: True, 22: None, 23: None, 31: END}
    if low in known:
        return known[low], rest
    size, form = {25: (2, ">e"), 26: (4, ">f"), 27: (8, ">d")}[low]
    return struct.unpack(form, rest[:size])[0], rest[size:]


def _open(kind, rest):
    parts, entries = [], {}
    while True:
        if rest[0] == 0xFF:
            break
        if kind == 5:
            rest = _entry(entries, rest)
        else:
            part, rest = _read(rest)
            parts.append(part)
    whole = {2: lambda: b"".join(parts), 3: lambda: "".join(parts), 4: lambda: parts, 5: lambda: entries}[kind]()
    return whole, rest[1:]


def _entry(entries, rest):
    name, rest = _read(rest)
    if name in entries:
        raise ValueError(f"{name!r} is there twice")
    entries[name], rest = _read(rest)
    return rest


def encode(value):
    """The bytes of a value made of what JSON has."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(map(encode, value))
    return _head(5, len(value)) + b"".join(encode(key) + encode(inner) for key, inner in value.items())


def _head(kind, count):
    if count < 24:
        return bytes([kind << 5 | count])
    return bytes([kind << 5 | 27]) + count.to_bytes(8, "big")
