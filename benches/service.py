#!/usr/bin/env python3
"""Answers ListUserPools and DescribeUserPool on localhost, with the pools of a file that pools.py wrote.

usage: service.py FILE

The first line of its output is its address. It ends with its standard input.
"""

import asyncio
import json
import sys

PAGE = 60
LISTED = ("Id", "Name", "LastModifiedDate", "CreationDate")
HEAD = "HTTP/1.1 {} \r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\r\n"


def pools(path):
    """The answer about each pool, by its id, and what lists say of it."""
    with open(path, "rb") as file:
        lines = [line.strip() for line in file]
    about = [json.loads(line)["UserPool"] for line in lines]
    answers = {pool["Id"]: line for pool, line in zip(about, lines)}
    return answers, [{name: pool[name] for name in LISTED if name in pool} for pool in about]


class Service(asyncio.Protocol):
    def __init__(self, answers, listed):
        self.answers, self.listed, self.bytes = answers, listed, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.bytes += data
        while b"\r\n\r\n" in self.bytes:
            head, rest = self.bytes.split(b"\r\n\r\n", 1)
            lines = [line.partition(b":") for line in head.split(b"\r\n")]
            headers = {name.lower(): value.strip() for name, _, value in lines}
            size = int(headers.get(b"content-length", 0))
            if len(rest) < size:
                return
            self.bytes = rest[size:]
            operation = headers.get(b"x-amz-target", b"").rpartition(b".")[2]
            status, body = self.answer(operation.decode(), json.loads(rest[:size] or b"{}"))
            self.transport.write(HEAD.format(status, len(body)).encode() + body)

    def answer(self, operation, asked):
        if operation == "ListUserPools":
            start = int(asked.get("NextToken", 0))
            page = {"UserPools": self.listed[start : start + PAGE]}
            if start + PAGE < len(self.listed):
                page["NextToken"] = str(start + PAGE)
            return 200, json.dumps(page).encode()
        if operation == "DescribeUserPool":
            return 200, self.answers[asked["UserPoolId"]]
        return 400, b'{"__type":"InvalidParameterException","message":"this operation is not served here"}'


async def main():
    answers, listed = pools(sys.argv[1])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Service(answers, listed), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if len(sys.argv) != 2:
    sys.exit(__doc__)
asyncio.run(main())
