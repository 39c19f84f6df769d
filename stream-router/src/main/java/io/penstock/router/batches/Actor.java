package io.penstock.router.batches;

import java.time.Instant;

/// One named duty of a task, done a bounded piece at a time whenever its turn comes.
@FunctionalInterface
interface Actor {
    void act(Instant now);
}
