using System.Text.Json.Nodes;
using Amnre.Engine.Settings;
using Amnre.Engine.Training;

namespace Amnre.Engine.Tests.Training;

public sealed class TrainSettingsErrorsTests
{
    private static readonly ToySimulator Simulator = new("SLCP", 5, 4, 2);

    private static TrainSettings Sound => new()
    {
        Simulator = "SLCP",
        Model = new JsonObject { ["num_layers"] = 7, ["hidden_size"] = 256, ["activation"] = "ELU" },
    };

    [Fact]
    public void Keywords_may_be_numbers_of_any_kind_that_a_program_has() =>
        Assert.Empty(TrainSettingsErrors.Of(
            Sound with
            {
                Model = new JsonObject { ["num_layers"] = 2L, ["hidden_size"] = (short)8, ["dropout"] = 0.5f },
                Embedding = new JsonObject { ["output_size"] = 4, ["dropout"] = 0 }
            },
            Simulator));

    public static TheoryData<string, string, string> Invalid() => new()
    {
        { """{"device": "tpu"}""", "device", "cpu, cuda" },
        { """{"epochs": 0}""", "epochs", "at least 1" },
        { """{"bs": -4}""", "bs", "-4" },
        { """{"lr": 0}""", "lr", "above 0" },
        { """{"wd": -1}""", "wd", "at least 0" },
        { """{"factor": 1}""", "factor", "between 0 and 1" },
        { """{"model": {"hiden_size": 3}}""", "model.hiden_size", "hidden_size" },
        { """{"model": {"num_layers": "seven"}}""", "model.num_layers", "integer" },
        { """{"model": {"activation": "elu"}}""", "model.activation", "ELU" },
        { """{"model": {"arch": "CNN"}}""", "model.arch", "MLP, ResNet" },
        { """{"model": {"arch": "ResNet", "hidden_size": 3}}""", "model.hidden_size", "residual_size" },
        { """{"model": {"dropout": 1}}""", "model.dropout", "below 1" },
        { """{"embedding": {"arch": "MLP"}}""", "embedding.output_size", "missing" },
        { """{"flow": true, "model": {"arch": "PRQ", "num_bins": 1001}}""", "model.num_bins", "at most 1000" },
        { """{"masks": ["001"]}""", "masks", "5 parameters" },
        { """{"masks": ["=6"]}""", "masks", "from 1 to 5" },
        { """{"masks": ["00x00"]}""", "masks", "00x00" },
        { """{"masks": ["=3"], "filter": "11000"}""", "masks", "widen the filter" },
        { """{"filter": "110"}""", "filter", "5 characters" },
        { """{"filter": "00000"}""", "filter", "at least one" },
        { """{"arbitrary": true, "flow": true}""", "flow", "either" },
        { """{"hyper": {}}""", "hyper", "arbitrary" },
        { """{"arbitrary": true, "hyper": {"blocks": 2}}""", "hyper.blocks", "num_blocks" },
        { """{"arbitrary": true, "masks": ["uniform", "=1"]}""", "masks", "stands alone" },
        { """{"simulator": "HH"}""", "simulator", "SLCP" },
        // What would have no effect.
        { """{"live": true}""", "live", "leave 'live' out" },
        { """{"flow": true, "criterion": "FL"}""", "criterion", "leave 'criterion' or 'flow' out" },
        { """{"scheduler": "cosine", "factor": 0.1}""", "factor", "choose 'plateau'" },
        { """{"scheduler": "exp", "threshold": 0.1}""", "threshold", "choose 'plateau'" },
        { """{"scheduler": "cosine", "patience": 3}""", "patience", "choose 'plateau'" },
        { """{"filter": "11000"}""", "filter", "the one estimator" },
        { """{"masks": ["11000"], "filter": "11000"}""", "filter", "written out" },
        { """{"arbitrary": true, "masks": ["11000"], "filter": "11000"}""", "filter", "written out" },
        { """{"inverse": true}""", "inverse", "adversary" },
        { """{"contrasts": 4}""", "contrasts", "'NRE-B' or 'NRE-C'" },
        { """{"criterion": "NRE-B", "gamma": 2}""", "gamma", "choose 'NRE-C'" },
        { """{"criterion": "NRE-C", "balance": 10}""", "balance", "choose 'BNRE'" },
        { """{"criterion": "NRE-C", "contrasts": 0}""", "contrasts", "at least 1" },
        { """{"criterion": "NRE-C", "gamma": 0}""", "gamma", "above 0" },
        { """{"criterion": "BNRE", "balance": 0}""", "balance", "above 0" },
        { """{"criterion": "NRE-B", "contrasts": 1}""", "contrasts", "at least 2" },
        { """{"criterion": "NRE-C", "bs": 4}""", "contrasts", "at most 3" },
        { """{"criterion": "NRE-B", "bs": 4, "contrasts": 5}""", "contrasts", "at most 4" },
        { """{"criterion": "NRE-C", "bs": 1}""", "contrasts", "raise 'bs'" },
        { """{"flow": true, "criterion": "NRE-C"}""", "criterion", "leave 'criterion' or 'flow' out" },
        { """{"flow": true, "balance": 10}""", "balance", "choose 'BNRE'" },
        { """{"flow": true, "hyper": {}}""", "hyper", "arbitrary" },
        { """{"flow": true, "model": {"hidden_size": 3}}""", "model.hidden_size", "hidden_features" },
        { """{"flow": true, "model": {"num_bins": 3}}""", "model.num_bins", "no keyword" },
        { """{"model": {"output_size": 3}}""", "model.output_size", "no keyword" },
        { """{"model": {"num_layers": 0, "dropout": 0.1}}""", "model.dropout", "raise 'num_layers'" },
        { """{"model": {"arch": "ResNet", "num_blocks": 0, "dropout": 0.1}}""", "model.dropout", "raise 'num_blocks'" },
        { """{"embedding": {"output_size": 3, "residual_size": 3}}""", "embedding.residual_size", "no keyword" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_fault_names_its_field_and_the_remedy(string change, string field, string remedy)
    {
        var errors = TrainSettingsErrors.Of(Changed(change), Simulator);

        var error = Assert.Single(errors);
        Assert.Equal(field, error.Field);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"criterion": "NRE-C", "contrasts": 3, "bs": 4, "gamma": 10}""")]
    [InlineData("""{"criterion": "NRE-B", "contrasts": 4, "bs": 4, "masks": ["=1"]}""")]
    [InlineData("""{"criterion": "BNRE", "balance": 10, "arbitrary": true}""")]
    [InlineData("""{"contrasts": 8, "gamma": 1, "balance": 100}""")]
    [InlineData("""{"arbitrary": true}""")]
    [InlineData("""{"arbitrary": true, "masks": ["poisson"], "filter": "11010"}""")]
    [InlineData("""{"arbitrary": true, "masks": ["=1", "00110"], "hyper": {"num_blocks": 2, "residual_size": 16}}""")]
    [InlineData("""{"model": {"arch": "ResNet", "num_blocks": 17, "residual_size": 512, "activation": "ELU", "normalization": "batch"}}""")]
    [InlineData("""{"arbitrary": true, "filter": "11010"}""")]
    [InlineData("""{"masks": ["=1", "00111"], "filter": "11010", "scheduler": "cosine"}""")]
    [InlineData("""{"flow": true, "masks": ["=1"], "model": {"arch": "PRQ", "num_bins": 4, "lu_linear": true}}""")]
    [InlineData("""{"model": {"normalization": null, "bias": false, "dropout": 0.5}, "embedding": {"arch": "MLP", "output_size": 8}}""")]
    public void Sound_settings_have_no_faults(string change) => Assert.Empty(TrainSettingsErrors.Of(Changed(change), Simulator));

    [Theory]
    [InlineData(Criterion.Balanced)]
    [InlineData(Criterion.Multiclass)]
    [InlineData(Criterion.Contrastive)]
    public void An_adversary_weighs_only_losses_of_pairs(Criterion criterion)
    {
        var error = Assert.Single(TrainSettingsErrors.Of(Sound with { Criterion = criterion }, Simulator, adversary: true));

        Assert.Equal("criterion", error.Field);
        Assert.Contains("leave 'adversary' out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(3, TrainSettingsErrors.Of(Sound with { Epochs = 0, BatchSize = 0, Filter = "1" }, Simulator).Count);

    private static TrainSettings Changed(string change)
    {
        var settings = Sound;
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            settings = TrainSettings.Fields[name].ReadJson(settings, value!);
            if (name == "flow") settings = settings with { Model = [] };
        }

        return settings;
    }
}
