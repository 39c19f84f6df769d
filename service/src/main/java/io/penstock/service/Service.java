package io.penstock.service;

/// A part of a program that runs from `start` to `close`. `close` waits until the part has stopped, may
/// be called twice, and may be called on a part that was never started or whose start failed.
public interface Service extends AutoCloseable {
    /// What operators call it, in logs.
    String name();

    /// Returns when the part does its work.
    void start() throws Exception;

    @Override
    void close();
}
