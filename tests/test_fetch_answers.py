"""Answers as odd servers give them: which bodies come back, and which answers are a short error."""

import gzip
import threading
import zlib

import pytest

from dealwatch.errors import FetchError
from dealwatch.fetch import Client, Validators
from test_fetch_client import CUT_GZIP, LIMIT, OK, Server, reply, serving, settings

BODY = b"<rss>story</rss>"
GZIP, DEFLATE = b"Content-Encoding: gzip\r\n", b"Content-Encoding: deflate\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
PACKED = gzip.compress(BODY)


def sized(*parts, extra=b"", status=OK):
    body = b"".join(parts)
    return status + extra + b"Content-Length: %d\r\n\r\n" % len(body) + body


GOOD = {
    "HTTP/1.0 until it closes": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "HTTP/1.0 with a length": sized(BODY, status=b"HTTP/1.0 200 OK\r\n"),
    "HTTP/1.0 that keeps alive": sized(BODY, status=b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"),
    "no length": OK + b"\r\n" + BODY,
    "no reason": sized(BODY, status=b"HTTP/1.1 200\r\n"),
    "a length too small": OK + b"Content-Length: 16\r\nConnection: close\r\n\r\n" + BODY + b"rubbish",
    "the same length twice": OK + b"Content-Length: 16\r\nContent-Length: 16\r\n\r\n" + BODY,
    "chunks": CHUNKED + b"\r\n5\r\n<rss>\r\nb\r\nstory</rss>\r\n0\r\n\r\n",
    "chunks with extensions": CHUNKED + b"\r\n10;name=value\r\n" + BODY + b"\r\n0\r\n\r\n",
    "chunks and trailers": CHUNKED + b"Trailer: X-Sum\r\n\r\n10\r\n" + BODY + b"\r\n0\r\nX-Sum: 1\r\nETag: no\r\n\r\n",
    "chunks and a length": CHUNKED + b"Content-Length: 3\r\n\r\n10\r\n" + BODY + b"\r\n0\r\n\r\n",
    "hints before the answer": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 9 + sized(BODY),
    "continue before the answer": b"HTTP/1.1 100 Continue\r\n\r\n" + sized(BODY),
    "203": sized(BODY, status=b"HTTP/1.1 203 Non-Authoritative\r\n"),
    "deflate with its header": sized(zlib.compress(BODY), extra=DEFLATE),
    "deflate without": sized(zlib.compress(BODY)[2:-4], extra=DEFLATE),
    "gzip and what follows": sized(PACKED, b"\r\n<!-- cached -->", extra=GZIP),
    "gzip in members": sized(gzip.compress(BODY[:5]), gzip.compress(BODY[5:]), extra=GZIP),
    "gzip in chunks": CHUNKED + GZIP + b"\r\n%x\r\n" % len(PACKED) + PACKED + b"\r\n0\r\n\r\n",
    "gzip and identity": sized(PACKED, extra=b"Content-Encoding: identity, gzip\r\n"),
    "gzip, in capitals": sized(PACKED, extra=b"CONTENT-ENCODING:   GZIP\r\n"),
    "bytes above 127 in a header": sized(BODY, extra=b"X-Word: lev\xe9e\r\n"),
    "an empty header": sized(BODY, extra=b"X-Empty:\r\n"),
    "a folded header": sized(BODY, extra=b"X-Folded: a\r\n  b\r\n"),
    "lines that end with LF": sized(BODY).replace(b"\r\n", b"\n"),
    "a Location on a success": sized(BODY, extra=b"Location: /elsewhere\r\n"),
    "header of 60 kB": sized(BODY, extra=b"X-A: " + b"b" * 60_000 + b"\r\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def parrot():
    """A server that answers whatever it is told to, and a client for it."""
    with serving(lambda send, path, stop: send(server.answer)) as server, Client(settings(server)) as client:
        yield server, client


@pytest.mark.parametrize("name", GOOD)
def test_odd_answers_that_are_fine(parrot, name):
    server, client = parrot
    server.answer = GOOD[name]
    assert client.get(server.url(), limit=LIMIT).body == BODY


@pytest.mark.parametrize("extra", [b"", GZIP, DEFLATE])
@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n", OK + b"Content-Length: 0\r\n", OK])
def test_an_empty_body_is_empty(parrot, head, extra):
    server, client = parrot
    server.answer = head + extra + b"\r\n"
    assert client.get(server.url(), limit=LIMIT).body == b""


CUT, NO_HTTP, TWICE = "body cut short", "not HTTP", "an encoding we did not ask for"
BAD = {
    "a length too large": (CUT, OK + b"Content-Length: 999\r\n\r\n" + BODY),
    "chunks without an end": (CUT, CHUNKED + b"\r\n10\r\n" + BODY + b"\r\n"),
    "half a chunk": (CUT, CHUNKED + b"\r\n99\r\n" + BODY),
    "no chunks": (NO_HTTP, CHUNKED + b"\r\n" + BODY + b"\r\n"),
    "a chunk below nothing": (NO_HTTP, CHUNKED + b"\r\n-5\r\nhello\r\n0\r\n\r\n"),
    "a chunk as long as the sea": (NO_HTTP, CHUNKED + b"\r\n" + b"f" * 60 + b"\r\n" + BODY),
    "a length that is none": (NO_HTTP, OK + b"Content-Length: many\r\n\r\n" + BODY),
    "a length below nothing": (NO_HTTP, OK + b"Content-Length: -1\r\n\r\n" + BODY),
    "a transfer nobody knows": (NO_HTTP, OK + b"Transfer-Encoding: gzip\r\n\r\n" + PACKED),
    "a header of 1 MB": (NO_HTTP, sized(BODY, extra=b"X-A: " + b"b" * 1_000_000 + b"\r\n")),
    "many headers": (NO_HTTP, sized(BODY, extra=b"X-A: " + b"b" * 1000 + b"\r\n" + b"X-B: c\r\n" * 50_000)),
    "a status of letters": (NO_HTTP, b"HTTP/1.1 OK 200\r\n\r\n"),
    "a status of four digits": (NO_HTTP, b"HTTP/1.1 2000 OK\r\n\r\n"),
    "HTTP/2 in the clear": (NO_HTTP, b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\r\n\r\n"),
    "TLS to a plain request": (NO_HTTP, b"\x15\x03\x01\0\x02\x02\x16\r\n\r\n"),
    "a page without a header": (NO_HTTP, b"<html><body>hello</body></html>\r\n\r\n"),
    "101": (NO_HTTP, b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
    "two encodings in two headers": (TWICE, sized(PACKED, extra=GZIP + GZIP)),
    "an encoding nobody knows": (TWICE, sized(BODY, extra=b"Content-Encoding: utf-8\r\n")),
    "gzip that is not": ("broken compression", sized(BODY, extra=GZIP)),
    "half of a gzip header": (CUT, sized(b"\x1f", extra=GZIP)),
    "gzip cut short": (CUT, sized(CUT_GZIP, extra=GZIP)),
    "gzip with a broken sum": ("broken compression", sized(PACKED[:-8] + bytes(8), extra=GZIP)),
    "a second member that is not": ("broken compression", sized(PACKED + b"\x1f\x8b\0\0", extra=GZIP)),
    "300": ("HTTP 300", sized(BODY, status=b"HTTP/1.1 300 Multiple Choices\r\n", extra=b"Location: /a\r\n")),
    "304 that nobody asked for": ("HTTP 304", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "305": ("HTTP 305", sized(status=b"HTTP/1.1 305 Use Proxy\r\n", extra=b"Location: http://127.0.0.1:9/\r\n")),
    "206": ("HTTP 206", sized(BODY, status=b"HTTP/1.1 206 Partial\r\n", extra=b"Content-Range: bytes 0-15/99\r\n")),
    "202": ("HTTP 202", sized(status=b"HTTP/1.1 202 Accepted\r\n")),
    "205": ("HTTP 205", sized(status=b"HTTP/1.1 205 Reset\r\n")),
    "451": ("HTTP 451", sized(BODY, status=b"HTTP/1.1 451 Unavailable For Legal Reasons\r\n")),
    "a redirect to itself": ("too many redirects", b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "a redirect to nowhere": ("HTTP 301", b"HTTP/1.1 301 Moved\r\nLocation:\r\nContent-Length: 0\r\n\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_odd_answers_that_are_none(parrot, name):
    server, client = parrot
    words, server.answer = BAD[name]
    with pytest.raises(FetchError) as caught:
        client.get(server.url(), limit=LIMIT)
    assert caught.value.message == words


LOCATIONS = {
    b"/next": "/next",
    b"next": "/a/next",
    b"../next": "/next",
    b"?p=2": "/a/b?p=2",
    b"//HOST/next": "/next",
    b"http://HOST/next": "/next",
    b"HTTP://HOST/next": "/next",
    b"/a b c": "/a%20b%20c",
    b"  /next  ": "/next",
    "/levée".encode(): "/lev%C3%A9e",
    "/levée".encode("latin-1"): "/lev%C3%A9e",
    b"/lev%C3%A9e": "/lev%C3%A9e",
    b"/next#there": "/next",
    b"/a|b\\c": None,
    b"/%": None,
    b"/100%25": "/100%25",
}


@pytest.mark.parametrize("location", LOCATIONS)
def test_where_a_redirect_leads(location):
    def script(send, path, stop):
        if path != "/a/b":
            send(reply("200 OK", BODY))
            return
        place = location.replace(b"HOST", f"127.0.0.1:{server.port}".encode())
        send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: " + place + b"\r\n\r\n")

    with serving(script) as server, Client(settings(server)) as client:
        assert client.get(server.url("/a/b"), limit=LIMIT).body == BODY
        asked = server.requests[-1].split(" ")[1]
    assert asked == (LOCATIONS[location] or asked)


class ClosingServer(Server):
    """Keeps each connection for as many answers as it is told, then closes it without a word."""

    def __init__(self, answers):
        self.answers = answers
        super().__init__(None)

    def _serve(self, connection):
        with connection:
            connection.settimeout(5)
            for _ in range(self.answers):
                head = connection.recv(65536)
                if not head:
                    return
                self.requests.append(head.decode("latin-1"))
                connection.sendall(sized(BODY))


@pytest.mark.parametrize("answers", [1, 2, 7])
def test_threads_that_share_connections_which_the_server_closes_all_get_their_answers(answers):
    server = ClosingServer(answers)
    got = []
    try:
        with Client(settings(server)) as client:

            def ask():
                for _ in range(10):
                    got.append(client.get(server.url(), limit=LIMIT, validators=Validators('"x"')).body)

            threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
    finally:
        server.close()
    assert got == [BODY] * 40
