using System.Text.Json.Nodes;

namespace Amnre.Cli.Tests.Inference;

/// <summary>The real command on observations of which a part was not measured.</summary>
public sealed class MissingPartsTests : IDisposable
{
    private const string Observations = "1,2,3,4,1,2,nan,\n1,2,3,4,1,2,3,4\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_model_that_can_do_without_parts_answers_and_others_refuse()
    {
        await File.WriteAllTextAsync(At("obs.csv"), Observations, Stop);
        await File.WriteAllTextAsync(At("obs.json"), "[[[1,2],[3,4],[1,2],[null,null]],[[1,2],[3,4],[1,2],[3,4]]]", Stop);
        await File.WriteAllTextAsync(At("wrong.csv"), Observations.Replace("nan", "1e999", StringComparison.Ordinal), Stop);
        await TrainAsync("part", """{"arch":"DeepSet","output_size":4,"missing":0.2}""");
        await TrainAsync("whole", """{"arch":"DeepSet","output_size":4}""");

        var part = await InferAsync("part.pth obs.csv -o a.h5");
        var json = await InferAsync("part.pth obs.json -o b.h5");
        var whole = await InferAsync("whole.pth obs.csv -o c.h5");
        var infinite = await InferAsync("part.pth wrong.csv -o d.h5");

        Assert.True(part.Code == 0, part.Error);
        Assert.Equal(0, json.Code);
        Assert.Equal([2, 0], JsonNode.Parse(part.Output)!["posteriors"]!.AsArray().Select(one => one!["missing_values"]!.GetValue<int>()));
        // An element that lacks a value is missing, and so both are the same.
        Assert.Equal(Means(part.Output), Means(json.Output));
        Assert.Equal((2, 2), (whole.Code, infinite.Code));
        Assert.Contains("line 1, column 7 is NaN: values must be finite", whole.Error, StringComparison.Ordinal);
        Assert.Contains("(embedding: missing)", whole.Error, StringComparison.Ordinal);
        Assert.Contains("column 7 is Infinity: values must be finite", infinite.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("c.h5")) || File.Exists(At("d.h5")));
    }

    private async Task TrainAsync(string name, string embedding)
    {
        var run = await CommandProcess.RunAsync(
            _folder, $"train -arbitrary --epochs 1 --descents 4 --seed 0 --threads 1 -embedding {embedding} -o {name}.pth", Stop);
        Assert.True(run.Code == 0, run.Error);
    }

    private Task<(int Code, string Output, string Error)> InferAsync(string rest) =>
        CommandProcess.RunAsync(_folder, $"infer {rest} --draws 100 --figures 0 --json", Stop);

    private static double[] Means(string output) =>
        [.. JsonNode.Parse(output)!["posteriors"]!.AsArray().SelectMany(one =>
            one!["parameters"]!.AsArray().Select(parameter => parameter!["mean"]!.GetValue<double>()))];

    private string At(string name) => Path.Combine(_folder, name);
}
