"""Opens a session of PAM as somebody, and says which limits it is given then.

Usage: login.py FOLDER-OF-PAM-SERVICES SERVICE USER ITEM...
"""

from __future__ import annotations

import ctypes
import resource
import sys

_ANSWER = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
)


class _Conversation(ctypes.Structure):
    _fields_ = (("answer", _ANSWER), ("data", ctypes.c_void_p))


def main(folder: str, service: str, user: str, *items: str) -> None:
    pam = ctypes.CDLL("libpam.so.0")
    talk = _Conversation(_ANSWER(lambda *_: 19), None)
    handle = ctypes.c_void_p()
    words = (service.encode(), user.encode(), ctypes.byref(talk), folder.encode())
    failed = pam.pam_start_confdir(*words, ctypes.byref(handle))
    if failed:
        raise SystemExit(f"pam_start: {failed}")
    pam.pam_open_session(handle, 0)
    for item in items:
        soft, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{item.upper()}"))
        sys.stdout.write(f"{item} {soft} {hard}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
