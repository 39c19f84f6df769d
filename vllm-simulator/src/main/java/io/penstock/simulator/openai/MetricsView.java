package io.penstock.simulator.openai;

import io.penstock.simulator.engine.EngineGauges;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.Faults;
import io.penstock.simulator.http.HttpRequest;
import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.metrics.EngineMetrics;
import java.util.Locale;
import java.util.Optional;

/// The engine's metrics as they leave the server: on `/metrics`, and as the ORCA load header of a
/// response, spoilt by faults where scripted. Only a scrape of `/metrics` uses a fault's count up.
public final class MetricsView {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final EngineMetrics metrics;
    private final Faults faults;
    private Optional<Frozen> frozen = Optional.empty();

    private record Frozen(String page, EngineGauges gauges) {}

    public MetricsView(EngineMetrics metrics, Faults faults) {
        this.metrics = metrics;
        this.faults = faults;
    }

    /// Takes the picture that frozen metrics show, or throws it away; called when faults change.
    public synchronized void faultsChanged() {
        metrics.stickAfterAborts(faults.isArmed(FaultKind.STUCK_GAUGES));
        if (!faults.isArmed(FaultKind.FROZEN_METRICS)) {
            frozen = Optional.empty();
        } else if (frozen.isEmpty()) {
            frozen = Optional.of(new Frozen(metrics.render(true), metrics.gauges()));
        }
    }

    /// The answer to a scrape.
    synchronized HttpResponse scrape() {
        if (faults.take(FaultKind.NO_METRICS)) {
            return HttpResponse.of(200, CONTENT_TYPE, "");
        }
        if (faults.take(FaultKind.FROZEN_METRICS) && frozen.isPresent()) {
            return HttpResponse.of(200, CONTENT_TYPE, frozen.get().page());
        }
        return HttpResponse.of(200, CONTENT_TYPE, metrics.render(!faults.take(FaultKind.NO_KV_METRIC)));
    }

    /// Adds the load header when the request asks for it with `endpoint-load-metrics-format: JSON` or
    /// `TEXT`, in any case.
    synchronized HttpResponse withLoad(HttpRequest request, HttpResponse response) {
        Optional<String> format = request.header("endpoint-load-metrics-format");
        if (format.isEmpty() || faults.isArmed(FaultKind.NO_METRICS)) {
            return response;
        }
        EngineGauges gauges = faults.isArmed(FaultKind.FROZEN_METRICS) && frozen.isPresent()
                ? frozen.get().gauges()
                : metrics.gauges();
        boolean withKv = !faults.isArmed(FaultKind.NO_KV_METRIC);
        String waiting = Double.toString(gauges.waiting());
        String value = switch (format.get().toUpperCase(Locale.ROOT)) {
            case "JSON" ->
                "JSON {\"named_metrics\":{"
                        + (withKv ? "\"kv_cache_usage_perc\":" + gauges.kvUsage() + "," : "")
                        + "\"num_requests_waiting\":" + waiting + "}}";
            case "TEXT" ->
                "TEXT "
                        + (withKv ? "named_metrics.kv_cache_usage_perc=" + gauges.kvUsage() + ", " : "")
                        + "named_metrics.num_requests_waiting=" + waiting;
            default -> "";
        };
        return value.isEmpty() ? response : response.with("endpoint-load-metrics", value);
    }
}
