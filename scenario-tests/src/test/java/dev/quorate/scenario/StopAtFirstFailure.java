package dev.quorate.scenario;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Scenarios that share a cluster mean nothing any more once one of them has failed. */
final class StopAtFirstFailure implements ExecutionCondition, TestExecutionExceptionHandler {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(StopAtFirstFailure.class);

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    classOf(context).getStore(OURS).put("failed", context.getDisplayName());
    throw failure;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      return ConditionEvaluationResult.enabled("a class");
    }
    Object failed = classOf(context).getStore(OURS).get("failed");
    return failed == null
        ? ConditionEvaluationResult.enabled("nothing has failed yet")
        : ConditionEvaluationResult.disabled(failed + " has failed");
  }

  private static ExtensionContext classOf(ExtensionContext method) {
    return method.getParent().orElseThrow();
  }
}
