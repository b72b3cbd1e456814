using System.CommandLine;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Checkpoints;

namespace Amnre.Cli.Original;

/// <summary><c>amnre convert</c>: the weights of a model from one file format into the other.</summary>
internal static class ConvertVerb
{
    private static readonly string[] Endings = [".pth", ".safetensors"];

    public static Command Create()
    {
        var from = new Argument<string>("from") { Description = "Weights to read: .pth of PyTorch or of Amnre, or .safetensors" };
        var to = new Argument<string>("to") { Description = "Weights to write; the ending chooses the format" };
        var verb = new Command(
            "convert",
            """
            Write the weights of a model in another format. Names, shapes, types and order are kept; the settings (.json) stay as they are.

            Examples:
              amnre convert slcp-amnre.pth slcp-amnre.safetensors
              amnre convert slcp-amnre.safetensors slcp-amnre.pth
            """)
        {
            from, to,
        };
        verb.SetAction(parsed => Convert(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to)));
        return verb;
    }

    private static int Convert(string from, string to)
    {
        foreach (var path in new[] { from, to })
            if (!Endings.Contains(Path.GetExtension(path)))
                throw new InputException($"'{path}' does not end in {string.Join(" or ", Endings)}, which chooses its format: name it so");
        if (!File.Exists(from)) throw new InputException($"there is no file '{from}'");

        var tensors = StateFile.Read(from);
        if (Path.GetDirectoryName(Path.GetFullPath(to)) is { } folder) Directory.CreateDirectory(folder);
        StateFile.Write(to, tensors);
        Console.WriteLine($"{to}: {tensors.Count} tensors, {tensors.Values.Sum(tensor => (long)tensor.Bytes.Length)} bytes");
        return ExitCode.Success;
    }
}
