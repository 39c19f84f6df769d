package io.penstock.bench.qos;

import java.util.concurrent.Semaphore;

/// So many lines at each engine at a time, whatever the engines say.
final class FixedConcurrency implements DirectLoad.Admission {
    private final Semaphore[] free;
    private final Semaphore any;
    private int last;

    FixedConcurrency(int engines, int each) {
        free = new Semaphore[engines];
        for (int i = 0; i < engines; i++) {
            free[i] = new Semaphore(each);
        }
        any = new Semaphore(engines * each);
    }

    @Override
    public int next() throws InterruptedException {
        any.acquire();
        while (true) {
            last = (last + 1) % free.length;
            if (free[last].tryAcquire()) {
                return last;
            }
        }
    }

    @Override
    public void ended(int engine) {
        free[engine].release();
        any.release();
    }
}
