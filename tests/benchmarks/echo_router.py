"""The baseline: a drained ROUTER with CURVE that sends back what it gets.

`python echo_router.py PORT PUBLIC SECRET`
"""

import sys

import zmq

port, public, secret = sys.argv[1:4]
context = zmq.Context()
router = context.socket(zmq.ROUTER)
router.curve_server = True
router.curve_publickey = public.encode()
router.curve_secretkey = secret.encode()
router.bind(f"tcp://127.0.0.1:{port}")
poller = zmq.Poller()
poller.register(router, zmq.POLLIN)
print("ready", flush=True)
while True:
    poller.poll()
    while True:
        try:
            frames = router.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            break
        router.send_multipart(frames, zmq.NOBLOCK)
