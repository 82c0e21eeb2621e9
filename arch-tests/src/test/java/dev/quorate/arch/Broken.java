package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;

/** What a rule says of classes that break it. */
final class Broken {

  private Broken() {}

  static String report(ArchRule rule) {
    EvaluationResult result = rule.evaluate(Project.brokenClasses());
    assertThat(result.hasViolation()).as(rule.getDescription()).isTrue();
    return result.getFailureReport().toString();
  }
}
