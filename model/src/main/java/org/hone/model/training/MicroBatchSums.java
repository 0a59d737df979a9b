package org.hone.model.training;

/**
 * What a microbatch adds to its global batch, beside its gradients.
 *
 * @param loss sum of the losses, in nats
 * @param correct pairs that the model ranks right, a tie being half; 0 for a language model
 */
public record MicroBatchSums(double loss, double correct) {}
