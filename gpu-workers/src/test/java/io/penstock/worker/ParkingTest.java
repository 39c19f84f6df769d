package io.penstock.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.kv.Clearance;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.Parking.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParkingTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Parking parking = new Parking();
    private final List<String> seen = new ArrayList<>();

    @Test
    void higherBandsAreLookedAtFirstAndABandInTheOrderItCame() {
        park("low-1", Band.LOW);
        park("normal-1", Band.NORMAL);
        park("low-2", Band.LOW);
        park("high-1", Band.HIGH);

        sweep(Fate.GONE);

        assertThat(seen).containsExactly("high-1", "normal-1", "low-1", "low-2");
        assertThat(parking.size()).isZero();
    }

    @Test
    void whoStaysHoldsUpItsBandAndNoOther() {
        park("high-1", Band.HIGH);
        park("high-2", Band.HIGH);
        park("low-1", Band.LOW);

        sweep(Fate.STAYS);

        assertThat(seen).containsExactly("high-1", "low-1");
        assertThat(parking.size()).isEqualTo(3);
    }

    @Test
    void whatIsRemovedIsNotLookedAt() {
        RunningTicket ticket = park("low-1", Band.LOW);
        assertThat(parking.find(ticket.id())).isSameAs(ticket);

        parking.remove(ticket);

        assertThat(parking.find(ticket.id())).isNull();
        sweep(Fate.GONE);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GO")
    void nobodyWaitsForLongerThanTheLedgerTakesAWorkerForDead(Clearance clearance) {
        assertThat(Parking.patience(clearance)).isPositive().isLessThan(Duration.ofSeconds(6));
    }

    private void sweep(Fate fate) {
        parking.sweep(ticket -> {
            seen.add(ticket.id().value());
            return fate;
        });
    }

    private RunningTicket park(String id, Band band) {
        Tag tag = new Tag(
                new ModelName("m"),
                new ModelName("m"),
                new PoolName("m"),
                ObjectiveName.DEFAULT,
                band,
                TenantId.DEFAULT,
                NOW.plusSeconds(60),
                new Cost(1, 1),
                0,
                false);
        Request request = new Request(new RequestId(id), id, "/v1/chat/completions", tag, null, NOW, Map.of());
        Puller puller = new Puller(new WorkerId("w"), new Incarnation("i"), new EndpointId("http://e"));
        RunningTicket ticket =
                new RunningTicket(new Envelope<>(new Ticket(puller, 1, 1, request), new byte[0]), tag.cost(), NOW);
        parking.add(ticket);
        return ticket;
    }
}
