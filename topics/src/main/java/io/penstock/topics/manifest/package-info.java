/// Kubernetes documents of the Gateway API Inference Extension, as far as Penstock uses them: read,
/// checked, compared with what is installed, and written again. Pure.
@NullMarked
package io.penstock.topics.manifest;

import org.jspecify.annotations.NullMarked;
