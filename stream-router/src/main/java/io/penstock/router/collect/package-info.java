/// The collection of dead blobs: what nobody refers to any more is removed from the payload store.
///
/// Start at `Collector`, which is one task however many instances run. What may be removed is decided in
/// `Holder`, `CollectPolicy` and `References`; the actors `RecordExpirer`, `BlobSweeper` and `OrphanFinder`
/// carry it out, a bounded piece per turn.
@NullMarked
package io.penstock.router.collect;

import org.jspecify.annotations.NullMarked;
