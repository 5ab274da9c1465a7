package dev.backgroundjobs.crash.application;

/**
 * Ways in which the application can be made to break the rules, to see that the checker
 * finds out.
 */
public enum Breakage {

	/** It keeps the rules. */
	NONE,

	/** It acknowledges a delivery and runs its job afterwards. */
	ACKNOWLEDGES_FIRST,

	/** It takes a successor for sent that was not. */
	SWALLOWS_FAILED_SENDS,

	/** It runs a delivery without claiming its key. */
	CLAIMS_NOTHING

}
