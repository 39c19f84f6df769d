package io.penstock.pool.discovery.kubernetes;

import java.io.IOException;

/// The API server answered, and did not do what it was asked.
final class KubernetesRefusal extends IOException {
    private static final long serialVersionUID = 1;
    private static final int GONE = 410;

    private final int status;

    KubernetesRefusal(int status, String message) {
        super("the API server answers " + status + ": " + message);
        this.status = status;
    }

    /// True if what was asked from has been forgotten, so that all must be listed anew.
    boolean isGone() {
        return status == GONE;
    }
}
