package io.penstock.bench.qos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who says where calls go. Times are nanoseconds since the beginning.
interface Placer {
    /// Each to the first engine.
    Placer FIRST = (engines, _) -> engines.getFirst();

    /// Where a call goes now; null if it has to wait: it is asked again whenever anything happens.
    @Nullable
    VirtualEngine place(List<VirtualEngine> engines, long now);

    /// The next moment at which it looks at the engines of its own accord.
    default long nextLook(long now) {
        return Long.MAX_VALUE;
    }

    /// Looks at them, if it is time.
    default void look(List<VirtualEngine> engines, long now) {}
}
