package io.penstock.ingest.webhooks;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.webhooks.policy.DeliveryPolicy;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookEndpoint;
import java.io.IOException;
import java.time.InstantSource;

/// `/v1/webhook_endpoints/{id}/deliveries`: what was sent, what waits, what failed; and sending again.
/// OpenAI's API has nothing of the kind.
final class WebhookDeliveriesApi {
    private static final int PAGE = 20;
    private static final int PAGE_MAX = 100;

    private final EndpointLookup lookup;
    private final WebhookStore store;
    private final DeliveryLog log;
    private final InstantSource clock;

    WebhookDeliveriesApi(EndpointLookup lookup, WebhookStore store, DeliveryLog log, InstantSource clock) {
        this.lookup = lookup;
        this.store = store;
        this.log = log;
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.on("GET", "/webhook_endpoints/{id}/deliveries", this::list)
                .on("GET", "/webhook_endpoints/{id}/deliveries/{delivery}", this::retrieve)
                .on("POST", "/webhook_endpoints/{id}/deliveries/{delivery}/retry", this::retry);
    }

    private void list(Exchange exchange, PathValues path) throws IOException {
        WebhookEndpoint endpoint = lookup.endpoint(exchange, path);
        Paging paging = Paging.of(exchange.query("limit"), null, exchange.query("after"), PAGE, PAGE_MAX);
        exchange.respond(
                200, "application/json", Wire.bytes(paging.page(log.of(endpoint.id()), WebhookWire::delivery)));
    }

    private void retrieve(Exchange exchange, PathValues path) throws IOException {
        respond(exchange, delivery(exchange, path));
    }

    /// Begins the schedule of an ended delivery anew, under the same event id.
    private void retry(Exchange exchange, PathValues path) throws IOException {
        WebhookDelivery delivery = delivery(exchange, path);
        if (delivery.state() instanceof WebhookDelivery.Pending) {
            throw new ApiException(ErrorKind.CONFLICT, "The delivery is still pending; it is tried again by itself.");
        }
        WebhookDelivery again = DeliveryPolicy.retried(delivery, clock.instant());
        store.put(again);
        respond(exchange, again);
    }

    private WebhookDelivery delivery(Exchange exchange, PathValues path) {
        WebhookEndpoint endpoint = lookup.endpoint(exchange, path);
        String id = path.get("delivery");
        boolean its = WebhookDeliveryId.isValid(id)
                && WebhookDeliveryId.parse(id).endpoint().equals(endpoint.id());
        WebhookDelivery delivery = its ? log.find(WebhookDeliveryId.parse(id)) : null;
        if (delivery == null) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No delivery found with id '" + id + "'.");
        }
        return delivery;
    }

    private static void respond(Exchange exchange, WebhookDelivery delivery) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(WebhookWire.delivery(delivery)));
    }
}
