package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.topics.record.Control;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/audit`: who commanded what, newest first, among the last 100,000 records of `control`. For
/// operators.
public final class AuditApi {
    private static final int PAGE = 100;
    private static final int PAGE_MAX = 1000;

    private final Tenants tenants;
    private final TopicTail<String, Control> commands;

    public AuditApi(Tenants tenants, TopicTail<String, Control> commands) {
        this.tenants = tenants;
        this.commands = commands;
    }

    public void register(Routes routes) {
        routes.on("GET", "/audit", (exchange, _) -> list(exchange));
    }

    private void list(Exchange exchange) throws IOException {
        tenants.requireOperator(exchange);
        String target = exchange.query("target");
        int limit = Paging.limit(exchange.query("limit"), PAGE, PAGE_MAX);
        List<Control> found = commands.newestFirst(control -> isShown(control, target) ? control : null, limit + 1);
        ObjectNode json = JsonMapper.shared().createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        found.stream().limit(limit).forEach(control -> data.add(command(control)));
        json.put("has_more", found.size() > limit);
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    /// Questions change nothing, so they are left out.
    private static boolean isShown(Control control, @Nullable String target) {
        return !(control.action() instanceof Control.Explain)
                && (target == null || control.target().key().equals(target));
    }

    private static ObjectNode command(Control control) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("object", "command")
                .put("target", control.target().key())
                .put("by", control.by())
                .put("why", control.why())
                .put("at", control.at().getEpochSecond());
        switch (control.action()) {
            case Control.Cancel() -> json.put("action", "cancel");
            case Control.Pause() -> json.put("action", "pause");
            case Control.Resume() -> json.put("action", "resume");
            case Control.Prioritise prioritise ->
                json.put("action", "prioritise")
                        .put("objective", prioritise.objective().value());
            case Control.Extend extend ->
                json.put("action", "extend").put("deadline", extend.deadline().getEpochSecond());
            case Control.Retry retry ->
                json.put("action", "retry").put("as", retry.as().value());
            case Control.Redrive redrive ->
                json.put("action", "redrive").put("as", redrive.as().value());
            case Control.Explain _ -> json.put("action", "explain");
        }
        return json;
    }
}
