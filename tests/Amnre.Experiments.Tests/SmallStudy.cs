namespace Amnre.Experiments.Tests;

/// <summary>What several tests begin with.</summary>
internal static class SmallStudy
{
    public const string Text =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000, shards: 3 }
          test: { rows: 100, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, epochs: 2 }
        evaluations:
          truth: { data: test, accuracy: true }
        """;
}
