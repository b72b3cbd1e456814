using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Rows;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Python;

/// <summary>python/amnre.py evaluates a trained ratio in torch as it is evaluated here. Skipped where python3 has no torch.</summary>
public sealed class RatioTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private const int Rows = 64;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("slcp-nre", "SLCP", "11111")]
    [InlineData("slcp-nre-resnet-ln", "SLCP", "11111")]
    [InlineData("slcp-mnre", "SLCP", "11000", "00010")]
    [InlineData("slcp-amnre", "SLCP", "11111", "00110", "10000")]
    [InlineData("slcp-amnre-resnet-bn", "SLCP", "11111", "01001")]
    [InlineData("hh-amnre", "HH", "11111111", "00000001", "10100000")]
    public void Log_ratios_are_equal(string model, string simulator, params string[] masks)
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import torch, numpy").Code == 0, $"no {Python} with torch (Debian: python3-torch)");
        var path = GoldenFile.Path($"fixtures/{model}.pth");
        var found = SimulatorCatalog.Find(simulator);
        var (estimator, _) = EstimatorAssembly.Load(path, found);
        using var owned = estimator;
        var (theta, x) = (new float[Rows * found.ThetaSize], new float[Rows * found.ObservationSize]);
        found.Sample(4, 0, theta, x);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var observed = tensor(x).view(Rows, found.ObservationSize);
        foreach (var mask in masks.Select(ParameterMask.Parse).Where(estimator.Covers))
        {
            var chosen = MaskTensor.Gather(mask, tensor(theta).view(Rows, found.ThetaSize));
            var expected = estimator.LogValue(mask, chosen, estimator.Embed(observed)).data<float>().ToArray();
            Compare(path, mask.ToString(), chosen.data<float>().ToArray(), x, expected);
        }
    }

    /// <summary>Also of a parameter whose logarithm the network sees, and of a model of an earlier version, which saw the parameter
    /// itself.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Log_ratios_of_a_parameter_on_a_log_scale_are_equal(bool logarithm)
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import torch, numpy").Code == 0, $"no {Python} with torch (Debian: python3-torch)");
        var simulator = SimulatorCatalog.Find(
            """{"parameters":{"k":{"log_uniform":[1E-06,1]},"b":{"uniform":[-1,1]}},"observation":[3]}""");
        var settings = new TrainSettings { Simulator = simulator.Name, Arbitrary = true, Model = new JsonObject { ["hidden_size"] = 8 } };
        var moments = PriorMoments.Of(simulator);
        if (!logarithm) moments = PriorMoments.Given(moments.Mean, moments.Deviation);
        using (var built = EstimatorAssembly.Build(settings, simulator, moments, new ForwardMode()))
            StateFile.Write(_scratch["model.pth"], StateTransfer.Save(built));
        new ModelFile(settings, new TrainInputs(null), "model.pth", null).Write(_scratch["model.json"]);
        var (loaded, _) = EstimatorAssembly.Load(_scratch["model.pth"], simulator);
        using var estimator = loaded;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var text in (string[])["11", "10", "01"])
        {
            var mask = ParameterMask.Parse(text);
            float[] all = [.. Enumerable.Range(0, Rows).SelectMany(i => (float[])[MathF.Pow(10, -6f * i / Rows), i / 32f - 1])];
            float[] x = [.. Enumerable.Range(0, 3 * Rows).Select(i => MathF.Sin(i))];
            var theta = MaskTensor.Gather(mask, tensor(all).view(Rows, 2));
            var expected = estimator.LogValue(mask, theta, estimator.Embed(tensor(x).view(Rows, 3))).data<float>().ToArray();

            Assert.All(expected, value => Assert.True(float.IsFinite(value)));
            Compare(_scratch["model.pth"], text, theta.contiguous().data<float>().ToArray(), x, expected);
        }
    }

    [Theory]
    [InlineData("[[0, 0, 0, 0]], [1] * 8", "11111", "theta has 4 columns, and mask 11111 has 5 parameters")]
    [InlineData("[[0, 0, 0]], [1] * 8", "110", "mask '110' does not say which of 5 parameters theta holds")]
    [InlineData("[[0, 0]], [1] * 7 + [float('nan')]", "11000", "x holds a value that is not finite")]
    [InlineData("[0, 0], [1] * 8", "11000", "theta has the shape (2,)")]
    public void What_does_not_fit_is_refused(string arguments, string mask, string told)
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import torch, numpy").Code == 0, $"no {Python} with torch (Debian: python3-torch)");

        var (code, printed) = Run($"import sys; sys.path.insert(0, '{AppContext.BaseDirectory}python'); import amnre; " +
            $"amnre.Ratio('{GoldenFile.Path("fixtures/slcp-amnre.pth")}')({arguments}, mask='{mask}')");

        Assert.Equal(1, code);
        Assert.Contains(told, printed, StringComparison.Ordinal);
    }

    /// <summary>x is given as measured.</summary>
    [Fact]
    public void Observations_are_standardised_as_in_training()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import torch, numpy").Code == 0, $"no {Python} with torch (Debian: python3-torch)");
        var simulator = SimulatorCatalog.Find("SLCP");
        var path = _scratch["model.pth"];
        File.Copy(GoldenFile.Path("fixtures/slcp-amnre.pth"), path);
        var settings = JsonNode.Parse(File.ReadAllText(GoldenFile.Path("fixtures/slcp-amnre.json")))!.AsObject();
        float[] mu = [1, -1, 2, -2, 3, -3, 4, -4], sigma = [1, 2, 3, 4, 5, 6, 7, 8];
        settings["trained_on"] = new JsonObject
        {
            ["simulator"] = "SLCP",
            ["standardized"] = true,
            ["moments_sha256"] = new ObservationMoments(mu, sigma).Digest(),
            ["low"] = new JsonArray([.. simulator.Low.Select(value => JsonValue.Create(value))]),
            ["high"] = new JsonArray([.. simulator.High.Select(value => JsonValue.Create(value))]),
            ["mu"] = new JsonArray([.. mu.Select(value => JsonValue.Create(value))]),
            ["sigma"] = new JsonArray([.. sigma.Select(value => JsonValue.Create(value))]),
        };
        File.WriteAllText(_scratch["model.json"], settings.ToJsonString());
        using var model = TrainedModel.Load(path, simulator, 1);
        var (theta, x) = (new float[Rows * 5], new float[Rows * 8]);
        simulator.Sample(4, 0, theta, x);
        float[] standardised = [.. x];
        model.TrainedOn!.Moments!.Standardize(standardised);
        var expected = new float[Rows];
        model.LogRatio(ParameterMask.Parse("11111"), theta, standardised, expected, []);

        Compare(path, "11111", theta, x, expected);
    }

    [Theory]
    [InlineData("trials", "true", "has trials, which Ratio does not know")]
    [InlineData("embedding", """{"arch": "DeepSet", "output_size": 2}""", "has DeepSet, which Ratio does not know")]
    [InlineData("embedding", """{"output_size": 2, "missing": 0.5}""", "has missing parts, which Ratio does not know")]
    public void What_it_does_not_know_is_refused(string setting, string value, string told)
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import torch, numpy").Code == 0, $"no {Python} with torch (Debian: python3-torch)");
        File.Copy(GoldenFile.Path("fixtures/slcp-amnre.pth"), _scratch["model.pth"]);
        var settings = JsonNode.Parse(File.ReadAllText(GoldenFile.Path("fixtures/slcp-amnre.json")))!.AsObject();
        settings[setting] = JsonNode.Parse(value);
        File.WriteAllText(_scratch["model.json"], settings.ToJsonString());

        var (code, printed) = Run(
            $"import sys; sys.path.insert(0, '{AppContext.BaseDirectory}python'); import amnre; amnre.Ratio('{_scratch["model.pth"]}')");

        Assert.Equal(1, code);
        Assert.Contains(told, printed, StringComparison.Ordinal);
    }

    private void Compare(string path, string mask, float[] theta, float[] x, float[] expected)
    {
        Save("theta", theta);
        Save("x", x);
        var (code, printed) = Run(
            $"""
            import json, sys
            sys.path.insert(0, '{AppContext.BaseDirectory}python')
            import amnre, torch
            theta = torch.tensor(json.load(open('{_scratch["theta"]}'))).reshape({Rows}, -1)
            x = torch.tensor(json.load(open('{_scratch["x"]}'))).reshape({Rows}, -1)
            with torch.no_grad():
                print(json.dumps(amnre.Ratio('{path}')(theta, x, mask='{mask}').tolist()))
            """);

        Assert.True(code == 0, printed);
        var actual = JsonSerializer.Deserialize<float[]>(printed)!;
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * (1 + Math.Abs(pair.First))));
    }

    private void Save(string name, float[] values) => File.WriteAllText(_scratch[name],
        $"[{string.Join(",", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]");

    private static (int Code, string Printed) Run(string script)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : error.Result);
    }
}
