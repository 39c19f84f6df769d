package io.penstock.simulator.engine;

import java.util.List;
import java.util.stream.Collectors;

/// A model on a piece of hardware, as sizes and step costs.
///
/// How the figures were made. *Published*: prefill of 15,928 tokens/s for Qwen 32B on 2 H100 (TP 2,
/// vLLM 0.19), the constant of the Gateway API Inference Extension's prefix-cache-affinity filter; TTFT
/// 60 to 120 ms and 10 to 15 ms between tokens for an 8B model on an H100, the tables of
/// llm-d-inference-sim; `block_size` 16 and `max_num_seqs` 1024 (H100) or 256, vLLM's defaults.
/// *Derived*: KV bytes per token = 2 x layers x KV heads x head dimension x 2 bytes; a step's base =
/// weight bytes / memory bandwidth at 70 % efficiency; a context token = its KV bytes / the same
/// bandwidth; KV blocks = 92 % of memory less weights and about 4 GB per GPU. *Estimated*: the cost per
/// sequence, and what each profile's comment says. No profile was fitted to a measurement of ours.
///
/// @param name as `--profile` takes it
/// @param limits sizes
/// @param cost step time
public record EngineProfile(String name, EngineLimits limits, StepCost cost) {
    /// For tests: 1 ms steps, 1,023 usable blocks, 4,096 tokens of context. Resembles no hardware.
    public static final EngineProfile TINY = new EngineProfile(
            "tiny", new EngineLimits(64, 2048, 4096, 1024, 16), new StepCost(1_000_000, 1_000, 5_000, 1));

    /// Llama 3.1 8B, BF16, one H100 80 GB. Derived: 128 KiB of KV per token, 16 GB of weights, 3.35
    /// TB/s: base 6.9 ms, 56 ns per context token, 25,500 blocks. Estimated: prefill, the published 32B
    /// figure scaled by parameters and GPUs to 31,856 tokens/s (31.4 us per token); 20 us per sequence.
    public static final EngineProfile LLAMA_3_1_8B_H100 = new EngineProfile(
            "llama-3.1-8b-h100",
            new EngineLimits(1024, 8192, 131_072, 25_500, 16),
            new StepCost(6_900_000, 31_400, 20_000, 56));

    /// Qwen 2.5 32B, BF16, two H100 80 GB, tensor parallel. Published: prefill 15,928 tokens/s (62.8 us
    /// per token). Derived: 256 KiB of KV per token, 65.5 GB of weights over 2 x 3.35 TB/s: base 14 ms,
    /// 56 ns per context token, 17,500 blocks. Estimated: 25 us per sequence.
    public static final EngineProfile QWEN_32B_2XH100 = new EngineProfile(
            "qwen-32b-2xh100",
            new EngineLimits(1024, 8192, 32_768, 17_500, 16),
            new StepCost(14_000_000, 62_800, 25_000, 56));

    /// Llama 3.1 8B, BF16, one A100 40 GB. Derived: 1.56 TB/s: base 14.7 ms, 120 ns per context token,
    /// 8,000 blocks; vLLM's default of 256 sequences. Estimated: prefill at the H100's figure times the
    /// ratio of peak BF16 arithmetic (312 to 989 TFLOPS), 99.5 us per token; 20 us per sequence.
    public static final EngineProfile LLAMA_3_1_8B_A100_40G = new EngineProfile(
            "llama-3.1-8b-a100-40g",
            new EngineLimits(256, 2048, 65_536, 8_000, 16),
            new StepCost(14_700_000, 99_500, 20_000, 120));

    /// The catalogue, in the order it is printed.
    public static final List<EngineProfile> ALL =
            List.of(TINY, LLAMA_3_1_8B_H100, LLAMA_3_1_8B_A100_40G, QWEN_32B_2XH100);

    public EngineProfile {
        if (name.isBlank()) {
            throw new IllegalArgumentException("profile name must not be blank");
        }
    }

    /// The profile of this name.
    ///
    /// @throws IllegalArgumentException when there is none; the message lists the names
    public static EngineProfile named(String name) {
        return ALL.stream()
                .filter(profile -> profile.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown profile '" + name + "'; known: "
                        + ALL.stream().map(EngineProfile::name).collect(Collectors.joining(", "))));
    }

    /// The same hardware with other sizes.
    public EngineProfile withLimits(EngineLimits other) {
        return new EngineProfile(name, other, cost);
    }

    /// The same sizes with another step time.
    public EngineProfile withCost(StepCost other) {
        return new EngineProfile(name, limits, other);
    }
}
