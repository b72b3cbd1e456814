using Amnre.Testing;

namespace Amnre.Cli.Tests.Inference;

/// <summary>The truth of simulators that are programs with a likelihood, by the real command and the real module.</summary>
public sealed class ProgramTruthTests : IDisposable
{
    private const string Manifest =
        """
        name: ratio
        parameters:
          a: { normal: [0, 1] }
          b: { uniform: [-1, 1] }
        observation: [2]
        protocol: frames
        command: [/usr/bin/python3, ratio.py]
        environment: [PYTHONPATH=MODULE]
        likelihood: true
        """;

    private const string Script =
        """
        import amnre
        import numpy as np

        @amnre.simulator
        def ratio(theta, random):
            return theta + 0.5 * random.normal(size=2)

        LIKELIHOOD

        if __name__ == "__main__":
            ratio.serve()
        """;

    private const string RowWise =
        """
        @ratio.likelihood
        def density(theta, x):
            print("to standard error")
            return -2 * np.sum((x - theta) ** 2)
        """;

    private const string Vectorised =
        """
        @ratio.likelihood(vectorised=True)
        def density(theta, x):
            return -2 * np.sum((x - theta) ** 2, axis=1)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Draws_are_of_the_posterior_that_is_known_in_closed_form(bool vectorised)
    {
        await WriteAsync(vectorised ? Vectorised : RowWise);
        var (code, _, error) = await CommandProcess.RunAsync(
            _folder, "truth ./ratio.yaml seen.h5 --draws 2000 --threads 2 -o truth.csv", Stop);
        Assert.True(code == 0, error);

        var draws = (await File.ReadAllLinesAsync(Path.Combine(_folder, "truth.csv"), Stop)).Skip(1)
            .Select(line => line.Split(',')).ToList();
        Assert.Equal(2000, draws.Count);
        var (a, b) = (Numbers(draws, 3), Numbers(draws, 4));
        // Of a: precision 1 of the prior and 4 of the observation 1; of b: N(0.5, 0.25) cut off at -1 and 1.
        Assert.InRange(a.Average(), 0.8 - 0.06, 0.8 + 0.06);
        Assert.InRange(Deviation(a), Math.Sqrt(0.2) - 0.04, Math.Sqrt(0.2) + 0.04);
        Assert.All(b, value => Assert.InRange(value, -1, 1));
        Assert.InRange(b.Average(), 0.359 - 0.05, 0.359 + 0.05);
    }

    [Theory]
    [InlineData("", "likelihood: true", "ratio has no likelihood: decorate one with @ratio.likelihood")]
    [InlineData(RowWise, "likelihood: false", "ratio.yaml is not known, so there are no draws of its true posterior")]
    [InlineData(Vectorised, "likelihood: maybe", "likelihood")]
    [InlineData("@ratio.likelihood(vectorised=True)\ndef density(theta, x): return 0.0", "likelihood: true", "gave shape ()")]
    public async Task What_is_missing_is_said(string likelihood, string field, string says)
    {
        await WriteAsync(likelihood, field);
        var (code, _, error) = await CommandProcess.RunAsync(_folder, "truth ./ratio.yaml seen.h5 --draws 100 -o truth.csv", Stop);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "truth.csv")));
    }

    private async Task WriteAsync(string likelihood, string field = "likelihood: true")
    {
        if (!File.Exists("/usr/bin/python3")) Assert.Skip("there is no /usr/bin/python3");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "ratio.py"), Script.Replace("LIKELIHOOD", likelihood, StringComparison.Ordinal), Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ratio.yaml"), Manifest
            .Replace("MODULE", Repository.File("python"), StringComparison.Ordinal)
            .Replace("likelihood: true", $"{field}\nretries: 0\nevents: seen.json", StringComparison.Ordinal), Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "seen.json"), """{"x": [[1, 0.5]]}""", Stop);
        if (field == "likelihood: maybe") return;
        var (code, _, error) = await CommandProcess.RunAsync(_folder, "sample -simulator ./ratio.yaml -events -o seen.h5", Stop);
        Assert.True(code == 0, error);
    }

    private static double[] Numbers(IEnumerable<string[]> rows, int column) =>
        [.. rows.Select(row => double.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture))];

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2)));
}
