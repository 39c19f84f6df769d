package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Pull;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What the pulls say of a pool's engines, in words.
final class EngineView {
    private final Pullers pullers;

    EngineView(Pullers pullers) {
        this.pullers = pullers;
    }

    /// Why a request for `model` of `need` KV tokens in `band` is not taken now.
    String demand(PoolName pool, ModelName model, Band band, long need) {
        List<PullerAccount> active =
                pullers.of(pool).stream().filter(PullerAccount::takes).toList();
        if (active.isEmpty()) {
            return "no worker pulls for pool " + pool;
        }
        List<PullerAccount> serving = active.stream()
                .filter(puller -> puller.models().contains(model))
                .toList();
        if (serving.isEmpty()) {
            return "none of the pool's " + Words.count(active.size(), "engine") + " serves model " + model;
        }
        long most =
                serving.stream().mapToLong(puller -> puller.room(band)).max().orElse(0);
        boolean anySequence = serving.stream().anyMatch(puller -> puller.sequencesLeft() > 0);
        if (most > 0 && anySequence) {
            return most >= need
                    ? "the engines have room"
                    : "it needs " + need + " KV tokens and an engine can spare " + most + " at most";
        }
        return most > 0 ? "the engines run as many requests as they may" : closed(serving);
    }

    /// The engine that is nearest to opening speaks for all.
    private static String closed(List<PullerAccount> serving) {
        return serving.stream()
                .flatMap(puller -> Stream.ofNullable(puller.pull().reading()))
                .min(Comparator.comparingDouble(Pull.Reading::kvUsage))
                .map(EngineView::words)
                .orElse("the engines' gates are closed");
    }

    private static String words(Pull.Reading reading) {
        String at = "engines at " + percent(reading.kvUsage()) + " KV cache against a " + percent(reading.ceiling())
                + " ceiling";
        return reading.closedBy() == null ? at : at + " (closed by " + reading.closedBy() + ")";
    }

    private static String percent(double part) {
        return Math.round(part * 100) + " %";
    }
}
