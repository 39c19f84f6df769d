/// Which engines there are: named one by one, behind a DNS name, or as pods of a Kubernetes cluster. What
/// the sources say is brought together, bounded, and told as endpoints that come and go; whether they
/// take calls is for `EndpointMonitor` to find out.
@NullMarked
package io.penstock.pool.discovery;

import org.jspecify.annotations.NullMarked;
