package io.penstock.service;

import java.util.Optional;
import java.util.function.Supplier;

/// Whether a part can do its work now.
public sealed interface Health {
    /// It can.
    record Up() implements Health {}

    /// It cannot, and why.
    record Down(String reason) implements Health {}

    /// Up if `condition`, else down for `reason`.
    static Health of(boolean condition, String reason) {
        return condition ? new Up() : new Down(reason);
    }

    /// Up where there is no `problem`.
    static Health unless(Optional<String> problem) {
        return problem.<Health>map(Down::new).orElseGet(Up::new);
    }

    /// A named question that readiness asks. One that throws, or gives no answer within 2 s, counts as
    /// down.
    record Check(String name, Supplier<Health> health) {}
}
