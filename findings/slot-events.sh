#!/usr/bin/env bash
# Both Python bindings: a program cannot wait in a thread until a token is plugged in.
#
# To be expected: C_WaitForSlotEvent blocks its own thread and then says which slot it was.
# What happens: PyKCS11 holds the GIL while it waits, so that every other thread stops too.
# python-pkcs11 lets go of it, but raises TypeError as soon as something happens.
# SoftHSM has no such events, so a function of a few lines in front of it makes one per second.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need cc gcc
python_with python-pkcs11==0.10.1 pykcs11==1.5.20

cat >plugged.c <<'C'
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

typedef unsigned long Rv(), SlotList(unsigned char, unsigned long *, unsigned long *);
enum { GET_SLOT_LIST = 4, WAIT_FOR_SLOT_EVENT = 67, FUNCTIONS = 68 };
static struct { unsigned char version[2]; void *functions[FUNCTIONS]; } list;

static unsigned long wait_for_slot_event(unsigned long flags, unsigned long *slot, void *reserved)
{
	unsigned long slots[8], count = 8;
	sleep(1);
	((SlotList *)list.functions[GET_SLOT_LIST])(1, slots, &count);
	*slot = slots[0];
	return 0;
}

unsigned long C_GetFunctionList(void **out)
{
	void *real, *library = dlopen(getenv("REAL"), RTLD_NOW);
	unsigned long rv = ((Rv *)dlsym(library, "C_GetFunctionList"))(&real);
	list = *(typeof(list) *)real;
	list.functions[WAIT_FOR_SLOT_EVENT] = wait_for_slot_event;
	*out = &list;
	return rv;
}
C
cc -shared -fPIC -o plugged.so plugged.c

REAL=$module "$python" - "$folder/plugged.so" >seen <<'PYTHON'
import sys
import threading
import time

import pkcs11
import PyKCS11


def beside(wait):
    """What a wait of a second gives, and how many times another thread ran for it."""
    beats, over = 0, threading.Event()

    def beat():
        nonlocal beats
        while not over.wait(0.01):
            beats += 1

    other = threading.Thread(target=beat)
    other.start()
    try:
        wait()
        result = "a slot"
    except TypeError as error:
        result = f"TypeError: {error}"
    over.set()
    other.join()
    return f"{result}; other threads {'went on' if beats > 20 else 'stood still'}"


first = PyKCS11.PyKCS11Lib()
first.load(sys.argv[1])
print("PyKCS11:", beside(first.waitForSlotEvent))
first.unload()
second = pkcs11.lib(sys.argv[1])
print("python-pkcs11:", beside(lambda: second.wait_for_slot_event(blocking=True)))
PYTHON
expect seen <<'EOT'
PyKCS11: a slot; other threads stood still
python-pkcs11: TypeError: __init__() takes exactly 0 positional arguments (7 given); other threads went on
EOT
