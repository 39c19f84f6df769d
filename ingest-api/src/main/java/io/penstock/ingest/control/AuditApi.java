package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.topics.record.Control;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/audit`: who commanded what, newest first. For operators.
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
        List<Control> found = commands.newestFirst().stream()
                .filter(control -> !(control.action() instanceof Control.Explain))
                .filter(control ->
                        target == null || control.target().key().equals(target))
                .limit(limit)
                .toList();
        ObjectNode json = JsonMapper.shared().createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        found.forEach(control -> data.add(command(control)));
        exchange.respond(200, "application/json", Wire.bytes(json));
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
