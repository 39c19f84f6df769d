package io.penstock.router.tag;

import io.penstock.topics.record.ErrorCode;

/// A reason why a request cannot be run. Never leaves this package.
final class Rejection extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    Rejection(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static Rejection invalid(String message) {
        return new Rejection(ErrorCode.INVALID_REQUEST, message);
    }

    ErrorCode code() {
        return code;
    }

    String reason() {
        String message = getMessage();
        return message == null ? code.message() : message;
    }
}
