using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Datasets;
using Amnre.Engine.Draws;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Rows;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Training;
using Amnre.Engine.Training;
using PureHDF;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>Whatever does not match what a model was trained on is refused, and what matches passes without a word.</summary>
public sealed class ModelMatchTests : IDisposable
{
    private const int Rows = 64;

    private static readonly ToySimulator Simulator = new("SLCP", 2, 3);

    private static readonly float[] Mu = [0.1f, 0.2f, 0.3f], Sigma = [1, 2, 3];

    private static readonly TrainSettings Training = new()
    {
        Simulator = "SLCP",
        Arbitrary = true,
        Epochs = 1,
        BatchSize = 32,
        Model = new JsonObject { ["hidden_size"] = 4 },
    };

    private readonly ScratchDirectory _folder = new();
    private readonly List<string> _notes = [];
    private int _files;

    public static TheoryData<string, string> Mismatches => new()
    {
        { "a model of x as simulated, a standardised file", "was trained on x as simulated" },
        { "another mu", "mu[1] = 0.25" },
        { "another sigma", "sigma[2] = 3.5" },
        { "mu and sigma changed places", "mu[0] = 1" },
        { "the last bit of mu", "mu[0] = 0.1" },
        { "another simulator", "are of simulator MLCP" },
        { "theta above the prior", "outside the prior of SLCP, [-3, 3)" },
        { "theta below the prior", "θ2 = -3.1" },
        { "theta in other units", "outside the prior" },
        { "a model whose moments are too many to carry, a file as simulated", "have no 'mu' and 'sigma'" },
        { "theta that is not a number", "has θ2 = NaN" },
        { "diagnostics with theta that is not a number", "theta of row 0 is not a number" },
        { "x that is not a number", "holds NaN" },
        { "x that is infinite", "holds Infinity" },
        { "one parameter less", "has 1 parameters, but SLCP has 2" },
        { "one value of x less", "observations of shape (2) are not those of SLCP, (3)" },
        { "weights of another width", "model-2/model.pth': 'net" },
        { "the settings of another simulator", "was trained for simulator MLCP" },
        { "draws with another mu", "mu[1] = 0.25" },
        { "training, validation as simulated", "has no 'mu' and 'sigma'" },
        { "training as simulated, validation standardised", "no 'mu' and 'sigma', but the validation set" },
        { "training, validation with another mu", "mu[1] = 0.2 and" },
        { "training live, validation standardised", "the validation set" },
        { "training on another simulator", "are of simulator MLCP" },
        { "training outside the prior", "outside the prior" },
        { "validation outside the prior", "outside the prior" },
        { "an adversary with another mu", "adversary: model" },
        { "an adversary of x as simulated", "was trained on x as simulated" },
        { "starting weights with another mu", "weights: model" },
        { "starting weights of x as simulated", "was trained on x as simulated" },
        { "samples in another reduced basis", "are in the simulator's own reduced basis" },
        { "a model of the own basis, samples in a given one", "are in the reduced basis of SHA-256 bbbbbbbbbbbb…" },
        { "training, validation in another reduced basis", "the validation set" },
        { "starting weights in another reduced basis", "weights: model" },
        { "mu that is not a number", "'mu' is not a finite number" },
        { "a model of parameters in another order", "was trained with parameters θ2, θ1, and SLCP has θ1, θ2" },
        { "a model of another prior", "a prior of θ2 on [-3, 2), and that of SLCP is on [-3, 3)" },
        { "an adversary of parameters in another order", "was trained with parameters θ2, θ1" },
        { "samples of parameters in another order", "have parameters θ2, θ1, and SLCP has θ1, θ2" },
        { "training on parameters of other names", "have parameters a, b, and SLCP has θ1, θ2" },
        { "validation on parameters in another order", "have parameters θ2, θ1" },
        { "samples that name too few parameters", "names 1 parameters, and a row has 2" },
        { "samples that name another simulator and nothing else", "are of simulator HH, not of SLCP" },
        { "a model whose mu was changed", "its 'mu' and 'sigma' are not those of its 'moments_sha256'" },
        { "a model whose sigma was changed", "its 'mu' and 'sigma' are not those of its 'moments_sha256'" },
        { "a model whose moments were cut", "its 'mu' and 'sigma' are not those of its 'moments_sha256'" },
        { "a model whose prior was cut", "has 1 values of 'low', 2 of 'high' and 2 labels" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void A_mismatch_is_refused_with_its_file_and_value(string kind, string told)
    {
        var error = Assert.Throws<InputException>(() => Do(kind)).Message;

        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_matches_passes_without_a_word(bool moments)
    {
        var model = Model(moments ? (Mu, Sigma) : null);
        var samples = File(moments ? (Mu, Sigma) : null);
        Evaluate(model, samples);
        Draw(model, samples);
        Evaluate(model, File(moments ? (Mu, Sigma) : null, theta => theta[0] = 3.000001f));
        Evaluate(model, File(moments ? (Mu, Sigma) : null, labels: ["θ1", "θ2"]));
        Evaluate(model, File(moments ? (Mu, Sigma) : null, simulator: "my own, version 2"));

        Assert.Empty(_notes);
    }

    /// <summary>Also where pairs alone are judged, and for draws.</summary>
    [Fact]
    public void Samples_as_simulated_are_standardised_with_the_moments_of_the_model()
    {
        var model = Model((Mu, Sigma));
        var (with, without) = (File((Mu, Sigma)), File(null));

        Evaluate(model, with);
        var expected = System.IO.File.ReadAllText(_folder["results/table.csv"]);
        Evaluate(model, without);

        Assert.Equal(expected, System.IO.File.ReadAllText(_folder["results/table.csv"]));
        Assert.Equal(Draw(model, with), Draw(model, without));
        Evaluate(model, without, rows: 0);
        Assert.All(_notes, note => Assert.Contains("have no 'mu' and 'sigma': x is standardised with those that model", note,
            StringComparison.Ordinal));
        Assert.Equal(3, _notes.Count);
    }

    [Fact]
    public void A_model_that_says_nothing_is_used_with_a_warning()
    {
        var model = Model((Mu, Sigma));
        var settings = Path.ChangeExtension(model, ".json");
        var json = JsonNode.Parse(System.IO.File.ReadAllText(settings))!.AsObject();
        Assert.True(json.Remove("trained_on"));
        System.IO.File.WriteAllText(settings, json.ToJsonString());

        Evaluate(model, File(null));

        Assert.Contains("cannot be checked", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_says_what_it_was_trained_on()
    {
        var record = ModelFile.Read(Path.ChangeExtension(Model((Mu, Sigma)), ".json")).TrainedOn!;

        Assert.Equal("SLCP", record.Simulator);
        Assert.Equal(["θ1", "θ2"], record.Labels);
        Assert.Equal(Mu, record.Moments!.Mu);
        Assert.Equal(Sigma, record.Moments.Sigma);
        Assert.Equal(new ObservationMoments(Mu, Sigma).Digest(), record.MomentsDigest);
        Assert.Equal(Simulator.Low, record.Low);
        Assert.Equal(Simulator.High, record.High);
    }

    private void Do(string kind)
    {
        switch (kind)
        {
            case "a model of x as simulated, a standardised file": Evaluate(Model(null), File((Mu, Sigma))); break;
            case "another mu": Evaluate(Model((Mu, Sigma)), File(([0.1f, 0.25f, 0.3f], Sigma))); break;
            case "another sigma": Evaluate(Model((Mu, Sigma)), File((Mu, [1, 2, 3.5f]))); break;
            case "mu and sigma changed places": Evaluate(Model((Mu, Sigma)), File((Sigma, Mu))); break;
            case "the last bit of mu": Evaluate(Model((Mu, Sigma)), File(([MathF.BitIncrement(0.1f), 0.2f, 0.3f], Sigma))); break;
            case "another simulator": Evaluate(Model(null), Other()); break;
            case "theta above the prior": Evaluate(Model(null), File(null, theta => theta[1] = 3.01f)); break;
            case "theta below the prior": Evaluate(Model(null), File(null, theta => theta[1] = -3.1f)); break;
            case "theta in other units":
                Evaluate(Model(null), File(null, theta =>
                {
                    for (var i = 0; i < theta.Length; i++)
                        theta[i] *= 1000;
                })); break;
            case "a model whose moments are too many to carry, a file as simulated":
                Evaluate(WithoutMoments(Model((Mu, Sigma))), File(null)); break;
            case "theta that is not a number": Calibrate(Model(null), File(null, theta => theta[1] = float.NaN)); break;
            case "diagnostics with theta that is not a number":
                var samples = File(null, theta => theta[1] = float.NaN);
                DrawDiagnostics.Write(Draws(Model(null), samples), samples, name => _folder[name], 0); break;
            case "x that is not a number": Evaluate(Model(null), File(null, changeOfX: x => x[1] = float.NaN)); break;
            case "x that is infinite": Evaluate(Model(null), File(null, changeOfX: x => x[1] = float.PositiveInfinity)); break;
            case "one parameter less": Evaluate(Model(null), Shaped(1, 3)); break;
            case "one value of x less": Evaluate(Model(null), Shaped(2, 2)); break;
            case "weights of another width": Evaluate(Swapped(Model(null), "hidden_size\": 4", "hidden_size\": 5"), File(null)); break;
            case "the settings of another simulator": Evaluate(Swapped(Model(null), "\"SLCP\"", "\"MLCP\""), File(null)); break;
            case "draws with another mu": Draw(Model((Mu, Sigma)), File(([0.1f, 0.25f, 0.3f], Sigma))); break;
            case "training, validation as simulated": Train(Training, new TrainInputs(File((Mu, Sigma)), File(null))); break;
            case "training as simulated, validation standardised": Train(Training, new TrainInputs(File(null), File((Mu, Sigma)))); break;
            case "training, validation with another mu":
                Train(Training,
                new TrainInputs(File((Mu, Sigma)), File(([0.1f, 0.25f, 0.3f], Sigma)))); break;
            case "training live, validation standardised":
                Train(Training with { Descents = 2 },
                new TrainInputs(null, File((Mu, Sigma)))); break;
            case "training on another simulator": Train(Training, new TrainInputs(Other())); break;
            case "training outside the prior": Train(Training, new TrainInputs(File(null, theta => theta[5] = 4))); break;
            case "validation outside the prior": Train(Training, new TrainInputs(File(null), File(null, theta => theta[5] = 4))); break;
            case "an adversary with another mu":
                Train(Ratio,
                new TrainInputs(File((Mu, Sigma)), Adversary: Model(([0, 0, 0], Sigma)))); break;
            case "an adversary of x as simulated": Train(Ratio, new TrainInputs(File((Mu, Sigma)), Adversary: Model(null))); break;
            case "starting weights with another mu":
                Train(Training,
                new TrainInputs(File((Mu, Sigma)), Weights: Model(([0, 0, 0], Sigma)))); break;
            case "starting weights of x as simulated": Train(Training, new TrainInputs(File((Mu, Sigma)), Weights: Model(null))); break;
            case "samples in another reduced basis": Evaluate(Train(Training, new TrainInputs(Based(First))), Based(null)); break;
            case "a model of the own basis, samples in a given one":
                Evaluate(Train(Training, new TrainInputs(Based(null))),
                Based(Second)); break;
            case "training, validation in another reduced basis": Train(Training, new TrainInputs(Based(First), Based(Second))); break;
            case "starting weights in another reduced basis":
                Train(Training,
                new TrainInputs(Based(First), Weights: Train(Training, new TrainInputs(Based(Second))))); break;
            case "a model of parameters in another order": Evaluate(Recorded(Model(null), "labels", Changed), File(null)); break;
            case "a model of another prior": Evaluate(Recorded(Model(null), "high", [3f, 2f]), File(null)); break;
            case "an adversary of parameters in another order":
                Train(Ratio,
                new TrainInputs(File(null), Adversary: Recorded(Model(null), "labels", Changed))); break;
            case "samples of parameters in another order": Evaluate(Model(null), File(null, labels: ["θ2", "θ1"])); break;
            case "training on parameters of other names": Train(Training, new TrainInputs(File(null, labels: ["a", "b"]))); break;
            case "validation on parameters in another order":
                Train(Training,
                new TrainInputs(File(null), File(null, labels: ["θ2", "θ1"]))); break;
            case "samples that name too few parameters": Evaluate(Model(null), File(null, labels: ["θ1"])); break;
            case "samples that name another simulator and nothing else": Evaluate(Model(null), File(null, simulator: "HH")); break;
            case "a model whose mu was changed": Evaluate(Recorded(Model((Mu, Sigma)), "mu", [0.1f, 0.2f, 0.4f]), File(null)); break;
            case "a model whose sigma was changed": Evaluate(Recorded(Model((Mu, Sigma)), "sigma", [1f, 2f, -3f]), File(null)); break;
            case "a model whose moments were cut": Evaluate(Recorded(Model((Mu, Sigma)), "mu", [0.1f, 0.2f]), File(null)); break;
            case "a model whose prior was cut": Evaluate(Recorded(Model((Mu, Sigma)), "low", [-3f]), File(null)); break;
            case "mu that is not a number": Train(Training, new TrainInputs(File(([float.NaN, 0, 0], Sigma)))); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    [Fact]
    public void One_reduced_basis_passes_and_starting_weights_without_a_record_are_noted()
    {
        var model = Train(Training, new TrainInputs(Based(First), Based(First)));
        Evaluate(model, Based(First));
        Train(Training, new TrainInputs(Based(First), Weights: model));
        Assert.Empty(_notes);

        System.IO.File.Delete(Path.ChangeExtension(model, ".json"));
        Train(Training, new TrainInputs(Based(First), Weights: model));
        Assert.Contains($"weights '{model}' does not say by which moments", Assert.Single(_notes), StringComparison.Ordinal);
    }

    private static string First { get; } = new('a', 64);

    private static string Second { get; } = new('b', 64);

    /// <summary>Samples that say in which reduced basis they are written.</summary>
    private string Based(string? digest)
    {
        var path = _folder[$"based-{++_files}.h5"];
        DatasetDrawing.Run(new DrawSettings { Seed = 1, Rows = Rows }, new ToySimulator("SLCP", 2, 3) { BasisDigest = digest }, path,
            RunContexts.Quiet);
        return path;
    }

    private static TrainSettings Ratio => Training with { Arbitrary = false };

    private void Evaluate(string model, string samples, int rows = 2)
    {
        var settings = new EvaluateSettings { Simulator = "SLCP", Last = rows, Bins = 8, Masks = ["=1"], Kl = rows == 0 };
        using var posterior = TrainedModel.Load(model, Simulator, 1);
        EvaluationRun.Run(settings, Simulator, posterior, new EvaluateInputs(model, samples), _folder["results"],
            RunContexts.Quiet with { Note = _notes.Add });
    }

    private void Calibrate(string model, string samples)
    {
        using var posterior = TrainedModel.Load(model, Simulator, 1);
        EvaluationRun.Run(new EvaluateSettings { Simulator = "SLCP", Last = 2, Bins = 8, Masks = ["=1"], Calibration = true }, Simulator,
            posterior, new EvaluateInputs(model, samples), _folder["results"], RunContexts.Quiet with { Note = _notes.Add });
    }

    private string WithoutMoments(string model)
    {
        var path = Path.ChangeExtension(model, ".json");
        var json = JsonNode.Parse(System.IO.File.ReadAllText(path))!.AsObject();
        Assert.True(json["trained_on"]!.AsObject().Remove("mu") && json["trained_on"]!.AsObject().Remove("sigma"));
        System.IO.File.WriteAllText(path, json.ToJsonString());
        return model;
    }

    private static JsonArray Changed => ["θ2", "θ1"];

    private static string Recorded(string model, string key, JsonArray value)
    {
        var path = Path.ChangeExtension(model, ".json");
        var json = JsonNode.Parse(System.IO.File.ReadAllText(path))!.AsObject();
        Assert.True(json["trained_on"]!.AsObject().ContainsKey(key));
        json["trained_on"]![key] = value;
        System.IO.File.WriteAllText(path, json.ToJsonString());
        return model;
    }

    private static string Swapped(string model, string old, string other)
    {
        var path = Path.ChangeExtension(model, ".json");
        var text = System.IO.File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        System.IO.File.WriteAllText(path, text.Replace(old, other, StringComparison.Ordinal));
        return model;
    }

    /// <summary>Samples of so many parameters and values of x.</summary>
    private string Shaped(int parameters, int values)
    {
        var path = _folder[$"shaped-{++_files}.h5"];
        new H5File
        {
            ["theta"] = new H5Dataset<float[]>(new float[Rows * parameters], fileDims: [Rows, (ulong)parameters]),
            ["x"] = new H5Dataset<float[]>(new float[Rows * values], fileDims: [Rows, (ulong)values]),
        }.Write(path);
        return path;
    }

    private float[] Draw(string model, string samples) => Draws(model, samples).Masks[0].Draws;

    private PosteriorDraws Draws(string model, string samples)
    {
        var settings = new EvaluateSettings { Simulator = "SLCP", Masks = ["11"], BatchSize = 16, Burn = 4, Steps = 8 };
        using var posterior = TrainedModel.Load(model, Simulator, 1);
        return PosteriorDraws.Of(settings, Simulator, posterior, new EvaluateInputs(model, samples), 4,
            RunContexts.Quiet with { Note = _notes.Add });
    }

    private string Model((float[] Mu, float[] Sigma)? moments) => Train(Training, new TrainInputs(File(moments)));

    private string Train(TrainSettings settings, TrainInputs inputs)
    {
        var name = $"model-{++_files}";
        Directory.CreateDirectory(_folder[name]);
        TrainingRun.Run(settings, Simulator, inputs, _folder[$"{name}/model.pth"], _folder[$"{name}/checkpoints"],
            RunContexts.Quiet with { Note = _notes.Add });
        return _folder[$"{name}/model.pth"];
    }

    private string Other()
    {
        var path = _folder[$"other-{++_files}.h5"];
        DatasetDrawing.Run(new DrawSettings { Seed = 1, Rows = Rows }, new ToySimulator("MLCP", 2, 3), path, RunContexts.Quiet);
        return path;
    }

    private static H5Dataset<float[]> Named(float[] theta, string[] labels)
    {
        var dataset = new H5Dataset<float[]>(theta, fileDims: [Rows, 2]);
        dataset.Attributes["parameters"] = labels;
        return dataset;
    }

    private string File((float[] Mu, float[] Sigma)? moments, Action<float[]>? change = null, Action<float[]>? changeOfX = null,
        string[]? labels = null, string? simulator = null)
    {
        var (theta, x) = (new float[Rows * 2], new float[Rows * 3]);
        Simulator.Sample(1, 0, theta, x);
        change?.Invoke(theta);
        changeOfX?.Invoke(x);
        var file = new H5File
        {
            ["theta"] = new H5Dataset<float[]>(theta, fileDims: [Rows, 2]),
            ["x"] = new H5Dataset<float[]>(x, fileDims: [Rows, 3]),
        };
        if (simulator is not null) file.Attributes["simulator"] = simulator;
        if (labels is not null) file["theta"] = Named(theta, labels);
        if (moments is var (mu, sigma)) (file["mu"], file["sigma"]) = (mu, sigma);
        var path = _folder[$"samples-{++_files}.h5"];
        file.Write(path);
        return path;
    }
}
