package io.penstock.router.ledger.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.TenantId;
import org.junit.jupiter.api.Test;

/// What a flow is charged and given back over the times it is idle.
class FlowTest {
    private final Flow flow = new Flow(new TenantId("a"), 0);

    @Test
    void whatIsGivenBackIsWhatWasCharged() {
        flow.begin(LaneBench.MODEL, 0);
        flow.serve(LaneBench.MODEL, 100);
        flow.serve(LaneBench.MODEL, 30);
        flow.giveBack(100, flow.spell());
        assertThat(flow.served()).isEqualTo(30);
    }

    @Test
    void whatIdlenessHasForgivenIsNotGivenBackAsWell() {
        flow.begin(LaneBench.MODEL, 0);
        int earlier = flow.spell();
        flow.serve(LaneBench.MODEL, 100);
        flow.begin(LaneBench.MODEL, 500);
        flow.serve(LaneBench.MODEL, 20);
        flow.giveBack(100, earlier);
        assertThat(flow.served()).isEqualTo(520);
        flow.giveBack(20, flow.spell());
        assertThat(flow.served()).isEqualTo(500);
    }

    @Test
    void whatIdlenessHasForgivenInPartIsGivenBackInPart() {
        flow.begin(LaneBench.MODEL, 0);
        int earlier = flow.spell();
        flow.serve(LaneBench.MODEL, 100);
        flow.begin(LaneBench.MODEL, 60);
        flow.serve(LaneBench.MODEL, 20);
        flow.giveBack(100, earlier);
        assertThat(flow.served()).as("as if the first had never been charged").isEqualTo(80);
        flow.giveBack(100, earlier);
        assertThat(flow.served()).isEqualTo(80);
    }
}
