"""What every answer of the server tells the browser not to allow."""

from __future__ import annotations

from tornado.httputil import HTTPHeaders

_DEVICE = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment"
NOTHING_OF_THE_DEVICE = ", ".join(f"{feature}=()" for feature in [*_DEVICE.split(), "screen-wake-lock", "usb"])
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that don't know frame-ancestors
    # Other sites learn nothing. With "no-referrer" a browser would hide even from us that a form is our own.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": NOTHING_OF_THE_DEVICE,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def harden(headers: HTTPHeaders, policy: str, host: str) -> None:
    """Put the headers of every answer among those of one.

    Args:
        headers: of the answer; what stands there under the same names is replaced.
        policy: the Content-Security-Policy of pages, with a `connect-src`.
        host: under which the server was asked, port and all. Older browsers don't count a websocket to the same host
            as 'self', so it is named.
    """
    for name, value in FIXED.items():
        headers[name] = value
    headers["Content-Security-Policy"] = policy.replace("connect-src", f"connect-src ws://{host} wss://{host}", 1)
    headers.pop("Server", None)  # which program answers, and which version of it, is nobody's business
