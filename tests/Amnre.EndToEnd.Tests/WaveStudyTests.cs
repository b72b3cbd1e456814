namespace Amnre.EndToEnd.Tests;

/// <summary>A study of gravitational waves, whose basis is a job.</summary>
public sealed class WaveStudyTests
{
    private const string Waves =
        """
        name: waves
        simulator: GW
        basis: { draws: 80, held_out: 8 }
        datasets:
          event: { events: true }
          train: { rows: 512, shards: 2, live: true }
        models:
          amnre: { samples: train, live: true, arbitrary: true, model: { num_layers: 1, hidden_size: 16 }, epochs: 2, bs: 128 }
        evaluations:
          event: { data: event, masks: ["100000000000000"], bins: 16 }
        """;

    [Fact]
    public async Task The_basis_is_built_once_and_what_is_drawn_with_it_is_used_again()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Waves);
        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 0, printed);
        var results = study.Results("waves");
        Assert.All(["basis/reduced.h5", "samples/event.h5", "samples/train.h5", "models/amnre.pth", "results/amnre_event.csv"],
            path => Assert.NotEmpty(results[path]));

        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 jobs run", printed, StringComparison.Ordinal);
    }
}
