package io.penstock.simulator.http;

/// A request that breaks HTTP or a limit; answered with its status, then the connection is closed.
final class HttpProblem extends Exception {
    private static final long serialVersionUID = 1L;

    final int status;

    HttpProblem(int status, String message) {
        super(message);
        this.status = status;
    }
}
