/** Responses drawn from a policy, each a pure function of the policy, the prompt, the settings and a seed. */
@NullMarked
package org.hone.model.sampling;

import org.jspecify.annotations.NullMarked;
