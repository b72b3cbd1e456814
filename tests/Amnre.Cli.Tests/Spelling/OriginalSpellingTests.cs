using System.CommandLine;
using Amnre.Cli.Spelling;

namespace Amnre.Cli.Tests.Spelling;

public sealed class OriginalSpellingTests
{
    private static readonly Option<string> Simulator = new("--simulator");
    private static readonly Option<string?> Samples = new("--samples");
    private static readonly Option<string?> Model = new("--model");
    private static readonly Option<bool> Flow = new("--flow");
    private static readonly Option<bool> Amsgrad = new("--amsgrad");
    private static readonly Option<string[]> Masks = new("--masks") { Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int[]> Indices = new("--indices") { Arity = new ArgumentArity(2, 2) };
    private static readonly Option<double> LearningRate = new("--lr");
    private static readonly Option<double> Threshold = new("--threshold");
    private static readonly Option<int> Epochs = new("--epochs");
    private static readonly Option<string> Output = new("--output", "-o");
    private static readonly Argument<string[]> Files = new("files") { Arity = ArgumentArity.ZeroOrMore };

    private static readonly Command Verb = new("verb") { Simulator, Samples, Model, Flow, Amsgrad, Masks, Indices, LearningRate, Threshold,
        Epochs, Output, Files };

    [Theory]
    [InlineData("-simulator", "HH")]
    [InlineData("--simulator", "HH")]
    [InlineData("-sim", "HH")]
    [InlineData("--si", "HH")]
    [InlineData("-simulator=HH")]
    [InlineData("-sim=HH")]
    public void An_option_may_have_one_dash_or_two_and_be_cut_short(params string[] words) =>
        Assert.Equal("HH", Parse(words).GetValue(Simulator));

    [Fact]
    public void A_list_ends_at_the_next_option()
    {
        var parsed = Parse("model.pth", "-masks", "=1", "=2", "00111", "-lr", "1e-4", "-o", "out.csv");

        Assert.Equal(["=1", "=2", "00111"], parsed.GetValue(Masks)!);
        Assert.Equal(1e-4, parsed.GetValue(LearningRate));
        Assert.Equal("out.csv", parsed.GetValue(Output));
        Assert.Equal(["model.pth"], parsed.GetValue(Files)!);
    }

    [Fact]
    public void Negative_numbers_and_json_are_values()
    {
        var json = """{"num_layers": 2, "hidden_size": 16, "activation": "ELU"}""";
        var parsed = Parse("-model", json, "-threshold", "-0.5", "-lr", "-.5", "-indices", "-3", "4");

        Assert.Equal(json, parsed.GetValue(Model));
        Assert.Equal((-0.5, -0.5), (parsed.GetValue(Threshold), parsed.GetValue(LearningRate)));
        Assert.Equal([-3, 4], parsed.GetValue(Indices)!);
    }

    [Fact]
    public void A_flag_takes_no_word_that_is_not_its_own()
    {
        var parsed = Parse("-flow", "file.pth", "-amsgrad", "False");

        Assert.True(parsed.GetValue(Flow));
        Assert.Equal(["file.pth"], parsed.GetValue(Files)!);
        // The original takes any text for true, even this.
        Assert.False(parsed.GetValue(Amsgrad));
    }

    [Fact]
    public void Of_an_option_given_twice_the_last_counts()
    {
        var parsed = Parse("-epochs", "4", "-masks", "=1", "-epochs", "2", "-masks", "=5");

        Assert.Equal(2, parsed.GetValue(Epochs));
        Assert.Equal(["=5"], parsed.GetValue(Masks)!);
    }

    [Fact]
    public void What_follows_two_dashes_is_no_option()
    {
        var parsed = Parse("-epochs", "4", "--", "-odd.pth");

        Assert.Equal(["-odd.pth"], parsed.GetValue(Files)!);
        Assert.Equal(4, parsed.GetValue(Epochs));
    }

    [Theory]
    [InlineData("there is no option '-smaples'; did you mean '-samples'?", "-smaples", "a.h5")]
    [InlineData("there is no option '--simlator'; did you mean '--simulator'?", "--simlator=HH")]
    [InlineData("there is no option '-zzzzz'", "-zzzzz")]
    [InlineData("option '-m' could be '-masks' or '-model': write more of it", "-m", "=1")]
    [InlineData("option '-epochs' needs a value", "-epochs")]
    [InlineData("option '-epochs' needs a value", "-epochs", "-flow")]
    [InlineData("option '-masks' needs a value", "-masks", "-flow")]
    [InlineData("option '-indices' needs 2 values", "-indices", "1", "-flow")]
    [InlineData("there is no option '-oout.h5'", "-oout.h5")]
    public void What_cannot_be_understood_is_named_with_a_remedy(string error, params string[] words) =>
        Assert.Equal([error], Translate(words).Errors);

    [Fact]
    public void All_faults_come_at_once() => Assert.Equal(2, Translate("-smaples", "a.h5", "-zzzzz", "-epochs", "3").Errors.Count);

    [Fact]
    public void Verbs_are_suggested_and_their_options_known_to_help()
    {
        var root = new RootCommand { Verb };

        Assert.Equal(["there is no verb 'vreb'; did you mean 'verb'?"], CommandLine.Translate(root, ["vreb"]).Errors);
        Assert.Equal(["verb", "--help"], CommandLine.Translate(root, ["verb", "-h"]).Words);
        Assert.Equal(["verb", "--help"], CommandLine.Translate(root, ["verb", "-help"]).Words);
        Assert.Equal(["--help"], CommandLine.Translate(root, ["--help"]).Words);
    }

    /// <summary>What was short and clear for the original must stay so.</summary>
    [Fact]
    public void A_short_name_means_an_option_of_the_original_before_one_of_ours()
    {
        Option<string> threshold = new("--threshold"), threads = new OwnOption<string>("--threads"),
            truth = new OwnOption<string>("--truth");

        Assert.Equal(["--threshold=1"], OriginalSpelling.Translate([threshold, threads, truth], ["-th", "1"]).Words);
        Assert.Equal(["--threads=2"], OriginalSpelling.Translate([threshold, threads, truth], ["--threa", "2"]).Words);
        Assert.Equal(["--truth=3"], OriginalSpelling.Translate([threshold, threads, truth], ["-tr", "3"]).Words);
        Assert.Equal(["option '-t' could be '-threads' or '-truth': write more of it"],
            OriginalSpelling.Translate([threads, truth], ["-t", "3"]).Errors);
    }

    private static Spelt Translate(params string[] words) => OriginalSpelling.Translate([.. Verb.Options], words);

    private static ParseResult Parse(params string[] words)
    {
        var spelt = Translate(words);
        Assert.Empty(spelt.Errors);
        var parsed = Verb.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        Assert.Empty(parsed.Errors);
        return parsed;
    }
}
