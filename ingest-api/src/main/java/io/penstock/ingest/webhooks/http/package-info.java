/// Posting to addresses that tenants choose, and to no others: the only part of the API that knows the
/// HTTP client.
@NullMarked
package io.penstock.ingest.webhooks.http;

import org.jspecify.annotations.NullMarked;
