/// The routes a vLLM server offers: OpenAI's inference endpoints, health, metrics and tokenization.
@NullMarked
package io.penstock.simulator.openai;

import org.jspecify.annotations.NullMarked;
