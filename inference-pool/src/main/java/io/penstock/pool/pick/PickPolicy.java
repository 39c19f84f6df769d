package io.penstock.pool.pick;

import java.time.Duration;

/// Everything that decides where an interactive call goes.
public record PickPolicy(Weights weights, Limits limits, Prompts prompts) {
    /// Defaults throughout.
    public static final PickPolicy DEFAULT = new PickPolicy(Weights.DEFAULT, Limits.DEFAULT, Prompts.DEFAULT);

    /// What each score counts. 0 leaves one out.
    public record Weights(double queue, double kv, double prefix, double adapter) {
        /// 2, 2 and 3, as the Endpoint Picker of the Gateway API Inference Extension has them, and 1 for
        /// adapters.
        public static final Weights DEFAULT = new Weights(2, 2, 3, 1);

        public Weights {
            if (!(queue >= 0 && kv >= 0 && prefix >= 0 && adapter >= 0)) {
                throw new IllegalArgumentException("pick weights must not be negative: queue " + queue + ", kv " + kv
                        + ", prefix " + prefix + ", adapter " + adapter);
            }
        }
    }

    /// Up to where an endpoint takes one more call (`Saturation`): `waitingMax` requests waiting and the
    /// share `kvUseMax` of the KV cache in use. An account older than `loadAgeMax`, or one that has stood
    /// still for so long although calls of ours came or went, is not believed; the endpoint then takes
    /// `blindCalls` of ours, like one that gives none. `burst` calls sent since the last account are taken to
    /// run and not to wait. A gauge that stood still for `probeAfter` with nothing of ours in flight earns one
    /// call.
    public record Limits(
            int waitingMax, double kvUseMax, Duration loadAgeMax, int blindCalls, int burst, Duration probeAfter) {
        /// 5 waiting, as the Endpoint Picker has it; 0.9 of the cache, and not its 0.8, since background
        /// work gives way once chat is there, and what it still holds is no reason to let chat wait; 1 s,
        /// four times the pause between accounts of an idle engine; 100 calls; 16 calls; 10 s.
        public static final Limits DEFAULT = new Limits(5, 0.9, Duration.ofSeconds(1), 100, 16, Duration.ofSeconds(10));

        public Limits {
            if (waitingMax < 0
                    || !(kvUseMax > 0 && kvUseMax <= 1)
                    || !loadAgeMax.isPositive()
                    || blindCalls < 1
                    || burst < 0
                    || !probeAfter.isPositive()) {
                throw new IllegalArgumentException("pick limits are out of range: waiting " + waitingMax + ", kv use "
                        + kvUseMax + " (0 to 1), load age " + loadAgeMax + ", calls without metrics " + blindCalls
                        + ", burst " + burst + ", probe after " + probeAfter);
            }
        }
    }

    /// How prompts are remembered: the first `blocksMax` blocks of 64 bytes of each, and at most
    /// `keptMax` blocks an endpoint.
    public record Prompts(int blocksMax, int keptMax) {
        /// 256 and 31,250 blocks, as the Endpoint Picker has them; the latter are about 2 MB of heap.
        public static final Prompts DEFAULT = new Prompts(256, 31_250);

        public Prompts {
            if (blocksMax < 1 || keptMax < 1) {
                throw new IllegalArgumentException(
                        "prompt blocks must be positive: " + blocksMax + " of a prompt, " + keptMax + " an endpoint");
            }
        }
    }
}
