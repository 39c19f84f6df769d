package io.penstock.pool.client;

import java.io.IOException;

/// An engine's answer is longer than was asked to be read.
public final class AnswerTooLarge extends IOException {
    private static final long serialVersionUID = 1;

    public AnswerTooLarge(int maxBytes) {
        super("the engine's answer is longer than " + maxBytes + " bytes");
    }
}
