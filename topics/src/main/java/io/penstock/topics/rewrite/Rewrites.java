package io.penstock.topics.rewrite;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ServedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// All rewrites of an installation, and which of them decides: a rule that names the model before one
/// for every model; among rewrites the oldest, by name where they are equally old; inside a rewrite the
/// first rule. A request is rewritten once: a target is not looked up among the rules again.
///
/// Immutable.
public final class Rewrites {
    private static final Comparator<ModelRewrite> PRECEDENCE = Comparator.comparing(
                    (ModelRewrite rewrite) -> rewrite.createdAt() == null ? Instant.MAX : rewrite.createdAt())
            .thenComparing(ModelRewrite::name);

    /// No rewrites.
    public static final Rewrites NONE = Rewrites.of(List.of());

    private final Map<ModelName, Ruling> exact;
    private final List<Ruling> generic;

    private Rewrites(Map<ModelName, Ruling> exact, List<Ruling> generic) {
        this.exact = exact;
        this.generic = generic;
    }

    /// Who serves what.
    @FunctionalInterface
    public interface Served {
        /// The model clients call `name`, aliases included; null if nobody serves it.
        @Nullable
        ServedModel model(ModelName name);
    }

    /// The rules of `rewrites`, which may come in any order.
    public static Rewrites of(Collection<ModelRewrite> rewrites) {
        Map<ModelName, Ruling> exact = new HashMap<>();
        List<Ruling> generic = new ArrayList<>();
        for (ModelRewrite rewrite : inPrecedence(rewrites)) {
            int number = 0;
            for (Rule rule : rewrite.rules()) {
                number++;
                if (rule.targets().isEmpty()) {
                    continue;
                }
                Ruling ruling = Ruling.of(rewrite.name(), number, rule);
                rule.models().forEach(model -> exact.putIfAbsent(model, ruling));
                if (rule.models().isEmpty()) {
                    generic.add(ruling);
                }
            }
        }
        return new Rewrites(Map.copyOf(exact), List.copyOf(generic));
    }

    /// `rewrites` with the one that wins first.
    public static List<ModelRewrite> inPrecedence(Collection<ModelRewrite> rewrites) {
        return rewrites.stream().sorted(PRECEDENCE).toList();
    }

    /// The seed of a durable request: its id decides, so that a replay chooses the same target.
    public static long seed(RequestId id) {
        return Draw.hash(id.value());
    }

    /// What becomes of a request for `sent`. `asked` is the model its header asks for instead, which a
    /// rewrite overrides. `seed` is drawn only if a rule has something to choose.
    ///
    /// A rule for every model stays inside its pool: it takes a model that nobody serves, or one of a
    /// pool that serves one of its targets too.
    public Route route(ModelName sent, @Nullable ModelName asked, LongSupplier seed, Served served) {
        Ruling ruling = exact.get(sent);
        if (ruling == null && !generic.isEmpty()) {
            ruling = firstGeneric(served.model(sent), served);
        }
        if (ruling == null) {
            ModelName target = asked == null ? sent : asked;
            return new Route(sent, target, null, served.model(target));
        }
        ModelName target = ruling.targets().size() == 1 ? ruling.targets().getFirst() : ruling.draw(seed.getAsLong());
        return new Route(sent, target, ruling.by(), served.model(target));
    }

    /// Each name that a rule has of its own, and the models it may run as, by name.
    public Map<ModelName, List<ModelName>> names() {
        Map<ModelName, List<ModelName>> names = new TreeMap<>();
        exact.forEach((name, ruling) -> names.put(name, ruling.targets()));
        return Collections.unmodifiableMap(names);
    }

    private @Nullable Ruling firstGeneric(@Nullable ServedModel own, Served served) {
        for (Ruling ruling : generic) {
            if (own == null || ruling.targets().stream().anyMatch(target -> serves(own.pool(), served.model(target)))) {
                return ruling;
            }
        }
        return null;
    }

    private static boolean serves(PoolName pool, @Nullable ServedModel target) {
        return target != null && target.pool().equals(pool);
    }
}
