/// What a batch does to chat, and what is left for the batch: the same waves of chat under different
/// ways of running a batch behind them.
@NullMarked
package io.penstock.bench.qos;

import org.jspecify.annotations.NullMarked;
