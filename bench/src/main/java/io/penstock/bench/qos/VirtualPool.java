package io.penstock.bench.qos;

import io.penstock.simulator.engine.SchedulingPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/// Engines on a virtual clock, with chat of which a [Placer] says where each call goes, and batch lines that a
/// [Sender] of each engine sends. No network, no chance but the seed's: the figures are the same on any machine.
final class VirtualPool {
    private final VirtualChat chat;
    private final Placer placer;
    private final List<VirtualEngine> engines;
    private final ArrayDeque<Long> held = new ArrayDeque<>();
    private long now;

    final Samples firstWord = new Samples();
    private final Samples betweenWords = new Samples();

    /// An engine for each sender.
    VirtualPool(QosPlan plan, VirtualChat chat, Placer placer, SchedulingPolicy policy, List<Sender> senders) {
        this.chat = chat;
        this.placer = placer;
        VirtualEngine.Chat heard = new VirtualEngine.Chat(chat, firstWord, betweenWords);
        this.engines = senders.stream()
                .map(sender -> new VirtualEngine(plan, policy, sender, heard))
                .toList();
    }

    /// One engine with its part of the plan's chat.
    static VirtualPool ofOne(QosPlan plan, VirtualChat.Times times, SchedulingPolicy policy, Sender sender) {
        VirtualChat part = new VirtualChat(plan, times, plan.engines());
        return new VirtualPool(plan, part, Placer.FIRST, policy, List.of(sender));
    }

    VirtualPool run(Duration howLong) {
        long until = howLong.toNanos();
        while (now < until) {
            long next = Math.min(chat.next(), placer.nextLook(now));
            for (VirtualEngine engine : engines) {
                next = Math.min(next, engine.nextEvent());
            }
            now = Math.max(now, next);
            placer.look(engines, now);
            if (chat.next() <= now) {
                held.add(chat.next());
                chat.pass();
            }
            placeHeld();
            engines.forEach(engine -> engine.advance(now));
        }
        return this;
    }

    private void placeHeld() {
        while (!held.isEmpty()) {
            VirtualEngine engine = placer.place(engines, now);
            if (engine == null) {
                return;
            }
            engine.call(held.removeFirst(), now);
        }
    }

    /// Chat's time to its first word at p50, p95 and p99, in milliseconds.
    String firstWords() {
        return String.format(
                Locale.ROOT,
                "%.0f / %.0f / %.0f",
                firstWord.percentile(0.50),
                firstWord.percentile(0.95),
                firstWord.percentile(0.99));
    }

    /// The same over those of `alone`.
    String firstWordsOver(VirtualPool alone) {
        return String.format(
                Locale.ROOT,
                "%.2f / %.2f / %.2f",
                firstWord.percentile(0.50) / alone.firstWord.percentile(0.50),
                firstWord.percentile(0.95) / alone.firstWord.percentile(0.95),
                firstWord.percentile(0.99) / alone.firstWord.percentile(0.99));
    }

    /// The time from word to word at p50 and p95, in milliseconds.
    String wordToWord() {
        return String.format(Locale.ROOT, "%.1f / %.1f", betweenWords.percentile(0.50), betweenWords.percentile(0.95));
    }

    /// Batch lines a second.
    double linesPerSecond() {
        return engines.stream().mapToLong(VirtualEngine::lines).sum() * 1e9 / now;
    }

    /// The same while there is chat.
    double burstLinesPerSecond() {
        return engines.stream().mapToLong(VirtualEngine::burstLines).sum() * 1e9 / (now * chat.share());
    }

    /// The largest share of an engine's KV cache that was in use while it had no call.
    double kvMaxWithoutChat() {
        return engines.stream()
                .mapToDouble(VirtualEngine::kvMaxWithoutChat)
                .max()
                .orElse(0);
    }

    long preemptions() {
        return engines.stream().mapToLong(VirtualEngine::preemptions).sum();
    }
}
