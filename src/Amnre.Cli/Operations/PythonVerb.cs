using System.CommandLine;
using Amnre.Cli.Terminal;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre python --path</c>: where the Python module of this version is.</summary>
internal static class PythonVerb
{
    public static Command Create()
    {
        var path = new Option<bool>("--path") { Description = "Print the path of the module alone" };
        var verb = new Command(
            "python",
            """
            Say where the Python module of this version is: simulators in a few lines, draws as arrays, a DataFrame or for ArviZ, trained
            ratios in torch, and the scheduler's API. One file that needs numpy; it may be copied.

            Example:
              amnre python --path
            """)
        { path };
        verb.SetAction(parsed =>
        {
            var module = Path.Combine(AppContext.BaseDirectory, "python", "amnre.py");
            Console.WriteLine(parsed.GetValue(path)
                ? module
                : $"{module}\nexport PYTHONPATH=$(dirname $(amnre python --path))   makes 'import amnre' work; see docs/python.md");
            return ExitCode.Success;
        });
        return verb;
    }
}
